"""What the packages promise each other, held by tests where the import linter cannot."""

import tomllib
from pathlib import Path

from django.conf import settings
from importlinter.cli import lint_imports

from tests.architecture.rules import impurities, modules, packages, writes

PROJECT = Path(settings.BASE_DIR)

# Who may write, besides the services: migrations, and the engine that keeps viewflow's
# rows, which are a projection of the acts; the sequencer numbers what acts recorded.
WRITERS = ("services", "services.py", "migrations", "engine", "log.py")
# The house itself writes no rows of an app.
HOUSE = ("config",)


def test_imports_go_one_way() -> None:
    assert lint_imports(config_filename=str(PROJECT / "pyproject.toml"), no_cache=True) == 0


def test_every_package_is_under_contract() -> None:
    configured = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]
    [layers] = [c["layers"] for c in configured["contracts"] if c["id"] == "layers"]
    ours = [package.name for package in packages(PROJECT)]

    assert sorted(configured["root_packages"]) == ours
    assert sorted(layers) == ours


def test_every_package_of_rules_is_under_the_contract_of_purity() -> None:
    configured = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]
    [pure] = [c["source_modules"] for c in configured["contracts"] if c["id"] == "pure-rules"]

    assert sorted(pure) == [
        f"{package.name}.domain"
        for package in packages(PROJECT)
        if (package / "domain").is_dir() or (package / "domain.py").is_file()
    ]


def test_only_services_write() -> None:
    found = [
        f"{module.relative_to(PROJECT)}:{line}: {name}"
        for module in modules(PROJECT)
        if not set(module.relative_to(PROJECT).parts) & {*WRITERS, *HOUSE, "domain"}
        for line, name in writes(module.read_text())
    ]

    assert not found


def test_rules_ask_no_clock_no_chance_and_no_file() -> None:
    found = [
        f"{module.relative_to(PROJECT)}:{line}: {name}"
        for module in modules(PROJECT)
        if {"domain", "domain.py"} & set(module.relative_to(PROJECT).parts)
        for line, name in impurities(module.read_text())
    ]

    assert not found
