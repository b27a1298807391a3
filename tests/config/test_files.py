"""Static files: ours, a short list of others', and nothing besides."""

from django.contrib.staticfiles import finders

from config.finders import VENDOR_FILES, VendorFiles


def test_every_listed_file_is_found() -> None:
    assert VendorFiles().check() == []
    for name, source in VENDOR_FILES.items():
        assert str(finders.find(name)).endswith(source)


def test_the_list_and_the_search_agree() -> None:
    listed = {name: storage.path(name) for name, storage in VendorFiles().list(None)}

    assert listed == {name: finders.find(name) for name in VENDOR_FILES}


def test_other_files_of_the_packages_are_not_served() -> None:
    assert finders.find("@tabler/core/package.json") is None
    assert finders.find("vendor/../package.json") is None


def test_viewflow_brings_no_files() -> None:
    assert not [
        name
        for finder in finders.get_finders()
        for name, _ in finder.list([])
        if "viewflow" in name
    ]
