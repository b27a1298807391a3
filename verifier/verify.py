"""Check a bundle of the record offline, without the product, its database or its makers.

    python verify.py BUNDLE [--trust KEYS] [--lang ru|en]

BUNDLE is what `manage.py record export` wrote, or a folder with the same files. KEYS is a file with
a public key on each line, got by another way than the bundle; without it the keys inside count, and
the program says so. It needs Python 3.11 and the package `cryptography`.

Exit status: 0 proven, 1 refuted, 2 incomplete (something that the policy demands, or that is needed
to check, is missing). What is incomplete is never shown as proven.
"""

import argparse
import hashlib
import json
import locale
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import authority
import entries
import log
import tally
from log import Refuted

SHA256 = re.compile("[0-9a-f]{64}")
PROVEN, REFUTED, INCOMPLETE = 0, 1, 2
WORDS = json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))
"""What is said, in Russian and in English, by its code."""


class Report:
    """What is said on the way, and whether something was missing."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.missing = False

    def say(self, code: str, **values: object) -> None:
        print(WORDS[code][self.language].format(**values))

    def miss(self, code: str, **values: object) -> None:
        self.missing = True
        self.say(code, **values)


def main() -> int:
    """Read the command line, check, and say what came out."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("bundle", type=Path)
    options.add_argument("--trust", type=Path, help="a file of public keys, one on each line")
    options.add_argument("--lang", choices=("ru", "en"), default=_language())
    given = options.parse_args()
    for path in (given.bundle, given.trust):
        if path is not None and not path.exists():
            options.error(f"{path}: no such file")
    return run(lambda: log.read_bundle(given.bundle), given.trust, Report(given.lang))


def run(read: Callable[[], dict[str, bytes]], trust: Path | None, report: Report) -> int:
    """Read a bundle, check it, say what came out, and return the exit status."""
    try:
        check(read(), trust, report)
    except Refuted as refuted:
        report.say(refuted.code, **refuted.values)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        # Whoever signed this wrote what no version of the product writes.
        report.say("bundle_unreadable", reason=f"{type(error).__name__}: {error}")
    else:
        report.say("incomplete" if report.missing else "proven")
        return INCOMPLETE if report.missing else PROVEN
    report.say("refuted")
    return REFUTED


def check(files: dict[str, bytes], trust: Path | None, report: Report) -> None:
    """Check everything, from the signature to the count of each ballot.

    Raises:
        Refuted: something is not what it says it is; the first such thing is named.
    """
    if "policy" not in files or "checkpoint" not in files:
        report.miss("policy_missing" if "policy" not in files else "bad_checkpoint")
        return
    policy = log.read_policy(_text(files, "policy"))
    if trust is None:
        report.say("own_keys")
    else:
        trusted = {log.read_key(line) for line in trust.read_text().split()}
        policy.logs = [key for key in policy.logs if key in trusted]
        policy.witnesses = {n: key for n, key in policy.witnesses.items() if key in trusted}
    origin, size, root, present = log.read_checkpoint(files["checkpoint"], policy)
    leaves = log.read_entries(files, size)
    log.check_tree(files, leaves, root)
    report.say("log", origin=origin, size=size, root=root.hex())
    report.say("signed")
    if not policy.met_by(present):
        report.miss("quorum_not_met")
    elif present:
        report.say("witnessed", names=", ".join(sorted(present)))
    else:
        report.say("not_witnessed")
    if "files" not in files:
        report.miss("files_missing")
        return
    for path in log.check_files(files, policy, origin, size):
        report.miss("file_not_there", path=path)
    if "acts.json" not in files:
        report.miss("acts_missing")
        return
    record = entries.in_order(entries.read(leaves, origin, json.loads(_text(files, "acts.json"))))
    report.say("entries", streams=len({entry["stream"] for entry in record}))
    report.say("server_time")
    if origin.startswith(entries.DEMONSTRATION):
        report.say("demonstration")
    check_authority(record, report)
    bound = check_documents(files, record)
    check_ballots(files, record, report)
    report.say("documents", number=bound)


def check_authority(record: list[entries.Entry], report: Report) -> None:
    """Ask again on what each act rested."""
    number = 0
    for entry, stated, found, fault in authority.reexamine(record):
        number += 1
        if fault:
            raise Refuted(
                "authority_differs",
                index=entry["index"],
                act=entry["type"],
                stated=stated,
                found=found,
                fault=fault,
            )
    report.say("authority", number=number)


def check_documents(files: dict[str, bytes], record: list[entries.Entry]) -> int:
    """Compare every document in the bundle with the hash that entries bind; return how many."""
    bound = set(_hashes([entry["data"] for entry in record]))
    number = 0
    for path, content in files.items():
        folder, _, name = path.partition("/")
        if folder in {"charters", "documents"}:
            sha256 = name.partition(".")[0]
            if sha256 not in bound or hashlib.sha256(content).hexdigest() != sha256:
                raise Refuted("document_differs", path=path)
            number += 1
    return number


def check_ballots(files: dict[str, bytes], record: list[entries.Entry], report: Report) -> None:
    """Count every ballot again."""
    charters = {
        path.removeprefix("charters/").removesuffix(".json"): content
        for path, content in files.items()
        if path.startswith("charters/")
    }
    sides = json.loads(_text(files, "sides.json")) if "sides.json" in files else {}
    number = 0
    for count in tally.recount(record, charters, sides):
        values = {"index": count.entry["index"], "ballot": count.entry["object"][0]["id"]}
        if count.differs:
            raise Refuted("result_differs", what=count.differs, **values)
        if count.missing:
            report.miss("not_recounted", what=count.missing, **values)
        else:
            number += 1
    report.say("recounted", number=number)
    if number:
        report.say("sides")


def _hashes(value: object) -> Iterator[str]:
    """Return every hash in a value."""
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _hashes(item)
    elif isinstance(value, str) and SHA256.fullmatch(value):
        yield value


def _text(files: dict[str, bytes], name: str) -> str:
    try:
        return files[name].decode()
    except UnicodeDecodeError as error:
        raise Refuted("bundle_unreadable", reason=name) from error


def _language() -> str:
    return "ru" if (locale.getlocale()[0] or "").startswith("ru") else "en"


if __name__ == "__main__":
    sys.exit(main())
