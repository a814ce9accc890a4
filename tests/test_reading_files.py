"""A readings file is read strictly: each mistake in it is told by file, line and field, with the nearest right name."""

from pathlib import Path

import pytest

from mockserver.mistake import Mistake
from mockserver.providers import READINGS
from mockserver.reading_files import read_readings


def read(folder: Path, text: str) -> dict[str, str]:
    path = folder / "learned.yaml"
    path.write_text(text, "utf-8")
    return read_readings(path, READINGS)


def told(folder: Path, text: str) -> list[str]:
    with pytest.raises(Mistake) as mistake:
        read(folder, text)
    return [line.removeprefix(f"{folder / 'learned.yaml'}:") for line in str(mistake.value).split("\n")]


def test_a_reading_takes_an_alternative_by_itself_or_among_what_is_said_of_it(tmp_path):
    text = """
    observed: 2026-11-24
    target: api.criteo.com
    readings:
      contact-list-clear: 204
      default-page-size: {alternative: '500', evidence: wire, exchanges: [{anything: at all}]}
      lookback-range:
        alternative: 12-24
        unproven: nothing
        question: which?
    unseen:
      refresh-token: no user consented
    """
    assert read(tmp_path, text) == {"contact-list-clear": "204", "default-page-size": "500", "lookback-range": "12-24"}


def test_every_alternative_of_every_reading_can_be_read(tmp_path):
    for reading in READINGS:
        for alternative in reading.alternatives:
            assert read(tmp_path, f"readings: {{{reading.name}: {alternative}}}") == {reading.name: alternative}


def test_a_reading_that_is_none_is_told_with_its_line_and_the_nearest(tmp_path):
    text = "observed: 2026-11-24\nreadings:\n  contact-list-clear: 204\n  refresh-tokens: kept\n"
    assert told(tmp_path, text) == [
        "4: readings.refresh-tokens: unknown reading 'refresh-tokens'; did you mean 'refresh-token'?"
    ]


def test_an_alternative_that_is_none_is_told_with_its_line_and_the_nearest(tmp_path):
    text = "readings:\n  add-remove-shape:\n    evidence: wire\n    alternative: hybird\n"
    assert told(tmp_path, text) == [
        "4: readings.add-remove-shape: unknown alternative of reading 'add-remove-shape' 'hybird'; did you mean 'hybrid'?"
    ]


def test_several_mistakes_are_told_at_once(tmp_path):
    text = "reading:\nreadings:\n  bare-token: accept\n  refresh-token: {}\n  match-rate: [fraction]\n  match-rate: fraction\n"
    assert told(tmp_path, text) == [
        "1: reading: unknown field 'reading'; did you mean 'readings'?",
        "6: readings.match-rate: it is there twice",
        "3: readings.bare-token: unknown alternative of reading 'bare-token' 'accept'; did you mean 'accepted'?",
        "4: readings.refresh-token: it has no alternative",
        "5: readings.match-rate: it takes one of fraction, percentage",
    ]


def test_a_field_of_a_reading_that_is_none_is_told(tmp_path):
    text = "readings:\n  match-rate:\n    alternative: fraction\n    evidense: wire\n"
    assert told(tmp_path, text) == ["4: readings.match-rate.evidense: unknown field 'evidense'; did you mean 'evidence'?"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "1: the file: it is an object with the member readings"),
        ("- match-rate", "1: the file: it is an object with the member readings"),
        ("observed: 2026-11-24", "1: the file: it has no readings"),
        ("\nreadings: fraction", "2: readings: they are an object, each reading's name and what it takes"),
    ],
)
def test_a_file_without_readings_is_told(tmp_path, text, sentence):
    assert told(tmp_path, text) == [sentence]


def test_a_file_that_is_not_there_or_no_yaml_is_told(tmp_path):
    with pytest.raises(Mistake, match=r"gone\.yaml: No such file"):
        read_readings(tmp_path / "gone.yaml", READINGS)
    assert told(tmp_path, "readings: {match-rate: fraction")[0].startswith("1: not YAML: expected")
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(Mistake, match="not YAML"):
        read_readings(tmp_path / "bytes.yaml", READINGS)
    assert told(tmp_path, "[" * 5000)[0].count("not YAML") == 1
