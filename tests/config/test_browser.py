"""The browser that the tests of pages stand on sees what it is there to see."""

import socket
from typing import Any

import pytest


def test_axe_finds_a_picture_without_words(new_page: Any, accessibility_problems: Any) -> None:
    page = new_page()
    page.set_content("<html lang='ru'><title>x</title><main><h1>x</h1><img src='x.png'></main>")

    assert [problem.split(":")[0] for problem in accessibility_problems(page)] == ["image-alt"]


def test_the_network_is_closed() -> None:

    with pytest.raises(PermissionError), socket.socket() as outside:
        outside.connect(("192.0.2.1", 80))
