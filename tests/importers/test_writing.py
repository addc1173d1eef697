"""Records as YAML: what is written reads back as it was, gaps are marked."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from aftershock.errors import EventError
from aftershock.events import load_catalogue, load_events
from aftershock.events.nodes import Problems, parse_yaml
from aftershock.events.writing import append_event, record_text, scalar, write_whole

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
RECORD = {
    "id": "own",
    "headline": "A deal: signed, and 'sealed' # today",
    "published": "2026-07-01T08:00:00-04:00",
    "precision": "exact",
    "tags": ["m&a", "compute-contract"],
    "exposures": [
        {"symbol": "ON", "role": "actor", "expected": "+1", "declared": "after"},
        {"basket": "neoclouds", "role": "peer", "expected": "-1"},
    ],
    "source": {"name": "A page", "url": "https://example.org/a?b=c#d"},
    "extra_sources": ["https://example.org/e"],
    "recorded_at": "2026-07-10T12:00:00+00:00",
}
OTHER = {"id": "two", "headline": "Another deal"}


@given(TEXTS)
def test_any_text_reads_back(text: str) -> None:
    """Both by our reader and by a YAML loader that knows nothing of events."""
    written = f"key: {scalar(text)}\nrow: [{scalar(text, row=True)}, x]\n"
    problems = Problems()
    read = parse_yaml(written, "f", problems)
    assert not problems.found
    assert read["key"] == text
    assert list(read["row"]) == [text, "x"]


@pytest.mark.parametrize("text", ["null", "~", "a: b", "a #b", "- a", "*a", "x:", " x"])
def test_what_yaml_would_misread_is_quoted(text: str) -> None:
    assert YAML(typ="safe").load(f"key: {scalar(text)}\n")["key"] == text


def test_a_record_is_the_event_that_it_states(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(record_text(RECORD), encoding="utf-8")
    event = load_events([path])["own"]
    assert event.headline == RECORD["headline"]
    assert event.tags == ("m&a", "compute-contract")
    assert [(e.symbol, e.basket, e.expected, e.declared) for e in event.exposures] == [
        ("ON", None, 1, "after"),
        ("", "neoclouds", -1, "unknown"),
    ]
    assert event.source.url == "https://example.org/a?b=c#d"
    assert event.extra_sources == ("https://example.org/e",)
    assert str(event.recorded_at) == "2026-07-10 08:00:00-04:00"


def test_gaps_are_marked_where_they_are() -> None:
    text = record_text({"id": "a", "exposures": [{"symbol": "META"}]})
    lines = text.splitlines()
    assert lines[0] == "- id: a"
    marked = [line.split(":")[0].strip() for line in lines if "# missing" in line]
    assert marked == ["headline", "published", "tags", "- {symbol"]
    assert lines[-1].endswith("# missing: role, expected")


def test_an_event_is_appended_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    append_event(path, RECORD, tmp_path)
    added = append_event(path, RECORD | OTHER, tmp_path)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[added.events[0].line - 1] == "- id: two"
    assert [e.id for e in load_events([path]).events] == ["own", "two"]
    assert sorted(tmp_path.iterdir()) == [tmp_path / ".own.yaml.lock", path]


def test_what_is_there_stays_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    before = "# mine\n" + record_text(RECORD).rstrip("\n") + "  # no line end"
    path.write_text(before, encoding="utf-8")
    path.chmod(0o640)
    append_event(path, RECORD | OTHER, tmp_path)
    assert path.read_text(encoding="utf-8").startswith(before + "\n")
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"id": "own"}, r"the new event: the id 'own' is already used at .*own.yaml:1"),
        ({"id": "meta-scale-msl-202506"}, r"already used at .*\.yaml:\d+"),
        (
            {"id": "b", "tags": ["macros"]},
            "new event, tags: unknown tag .* mean 'macro'",
        ),
        (
            {"id": "b", "published": "2026-07-01 08:00"},
            "new event, published: .*no time zone",
        ),
        ({"id": "b", "exposures": []}, "needs a list of exposures"),
    ],
)
def test_a_wrong_event_leaves_the_file_alone(
    tmp_path: Path, change: dict[str, object], told: str
) -> None:
    path = tmp_path / "own.yaml"
    append_event(path, RECORD, tmp_path)
    before = path.read_bytes()
    with pytest.raises(EventError, match=told):
        append_event(path, RECORD | change, tmp_path)
    assert path.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == [tmp_path / ".own.yaml.lock", path]


def test_what_a_proof_refuses_is_not_written(tmp_path: Path) -> None:
    def refuse(events: object) -> None:
        raise EventError("no")

    with pytest.raises(EventError, match="no"):
        append_event(tmp_path / "own.yaml", RECORD, tmp_path, prove=refuse)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_moved_into_place_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").mkdir()
    with pytest.raises(OSError, match=r"own\.yaml"):
        write_whole(tmp_path / "own.yaml", "text")
    assert [p.name for p in tmp_path.iterdir()] == ["own.yaml"]


def test_the_shipped_catalogue_is_written_and_read_alike() -> None:
    """Every shipped headline, note and confounder survives the way through YAML."""
    events = load_catalogue().events
    texts = [t for e in events for t in (e.headline, e.notes, *e.confounders) if t]
    lines = "".join(f"- {scalar(text)}\n" for text in texts)
    assert list(parse_yaml(lines, "f", Problems())) == texts
