"""A drawn SVG made fit for its places: alone as a file, or inside the HTML."""

from __future__ import annotations

import colorsys
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from aftershock.pages.telling import ASIDE, PANEL
from aftershock.report.fonts import font_faces

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
HREF, DEFS = f"{{{XLINK}}}href", f"{{{SVG}}}defs"
COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b")
WEIGHT = re.compile(r"font(?:-weight)?: *(?:italic )?(\d{3})(?![\d.]|px)")
"""Matplotlib writes it into ``font:``, since 3.11 as ``font-weight:``."""
LOCAL = re.compile(r"url\(#([^)]+)\)")
CELLS = "QuadMesh"
"""So begins what Matplotlib calls the shaded cells of `pcolormesh`."""
CELL = (0.68, 0.0)
"""Spread and least lightness of cells in the dark: words on them stay legible."""
PIXELS_AN_INCH = 101.0
"""Of pictures inside the HTML: eight points of type are then eleven pixels."""


@dataclass(frozen=True)
class Picture:
    """A picture for the HTML.

    Attributes
    ----------
    svg : str
        The element.
    width : int
        Its natural width in pixels.
    colours : frozenset of str
        Those in it; each stands as a variable ``--c-rrggbb``.
    areas : frozenset of str
        Those of shaded cells, as variables ``--a-rrggbb``.
    letters : dict
        The text set in each weight.
    panel : bool
        Whether it is one of several of a sheet, small enough for a phone.
    """

    svg: str
    width: int
    colours: frozenset[str]
    areas: frozenset[str]
    letters: dict[int, str]
    panel: bool = False


def as_file(svg: str) -> str:
    """Return a drawn SVG with its font inside, so that it looks the same anywhere."""
    faces = font_faces(_letters(ET.fromstring(svg)))
    return svg.replace("<defs>", f"<defs>\n  <style>{faces}</style>", 1)


def pictures_of(
    svg: str,
    figure: Figure,
    name: str,
    words: tuple[str, str],
    panels: Sequence[str],
) -> list[Picture]:
    """Return what a sheet shows: one picture, or where all is in panels one of each.

    Side by side on paper, panels stand below each other on a phone, each whole.

    Parameters
    ----------
    words : tuple of str
        Title and description, as of `inline`.
    panels : sequence of str
        Their names, as the sheet tells them.
    """
    title, said = words
    if len(panels) < 2 or _loose(figure):
        whole = inline(svg, figure, name, title, said)
        return [whole] if whole else []
    found = [
        inline(
            svg, figure, f"{name}-{PANEL}{i}", f"{title}: {about}", said, f"{PANEL}{i}-"
        )
        for i, about in enumerate(panels, 1)
    ]
    return [replace(picture, panel=True) for picture in found if picture]


def inline(
    svg: str, figure: Figure, name: str, title: str, description: str, mark: str = ""
) -> Picture | None:
    """Return the part of a sheet that is no mere words, or None where that is nothing.

    Ids carry the name of the sheet, colours are variables with the drawn colour as
    their default, and whatever the HTML says itself is left out.

    Parameters
    ----------
    name : str
        Of the sheet; unique in the document.
    title, description : str
        For those who do not see the picture.
    mark : str
        How the ids of a panel begin, the one to keep; empty for the whole sheet.
    """
    box = _panel_box(figure, mark) if mark else _drawn_box(figure)
    if box is None:
        return None
    root = ET.fromstring(svg)
    if mark:
        _leave_panels_out(root, mark)
    _leave_out(root)
    colours, areas = _recolour(root)
    _rename(root, name)
    _describe(root, name, title, description)
    _, _, width, height = box
    root.set("viewBox", " ".join(f"{72 * v:.1f}" for v in box))
    pixels = round(width * PIXELS_AN_INCH)
    root.set("width", str(pixels))
    root.set("height", str(round(height * PIXELS_AN_INCH)))
    ET.register_namespace("", SVG)
    ET.register_namespace("xlink", XLINK)
    text = ET.tostring(root, encoding="unicode")
    return Picture(text, pixels, colours, areas, _letters(root))


def _loose(figure: Figure) -> bool:
    """Tell whether something is drawn that no panel has and no words tell."""
    drawn = [artist for artist in figure.get_children() if artist is not figure.patch]
    return not all(str(a.get_gid() or "").startswith((ASIDE, PANEL)) for a in drawn)


def _drawn_box(figure: Figure) -> tuple[float, float, float, float] | None:
    """Return left, top, width, height in inches of what the HTML does not say itself.

    Axes count with everything in them.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    loose = [*figure.texts, *figure.lines, *figure.artists, *figure.patches]
    loose += [*figure.images, *figure.legends]
    kept = [one for one in loose if not str(one.get_gid() or "").startswith(ASIDE)]
    if not kept and not figure.axes:
        return None
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    return _padded(figure, figure.get_tightbbox(renderer, bbox_extra_artists=kept))


def _panel_box(figure: Figure, mark: str) -> tuple[float, float, float, float]:
    """Return left, top, width, height in inches of one panel of a sheet."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.transforms import Bbox

    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    mine = [a for a in figure.get_children() if str(a.get_gid()).startswith(mark)]
    boxes = [box for box in (a.get_tightbbox(renderer) for a in mine) if box]
    return _padded(figure, Bbox(Bbox.union(boxes).get_points() / figure.dpi))


def _padded(figure: Figure, box: Any) -> tuple[float, float, float, float]:
    """Return left, top, width, height of a box, a hair more on each side."""
    down, pad = float(figure.get_size_inches()[1]), 0.05
    return (
        float(box.x0) - pad,
        down - float(box.y1) - pad,
        float(box.width) + 2 * pad,
        float(box.height) + 2 * pad,
    )


def _leave_panels_out(root: ET.Element, mark: str) -> None:
    """Remove all panels but one; a shape that it shares with another stays."""
    others = [
        (group, child)
        for group in root.iter()
        if group.get("id") == "figure_1"
        for child in group
        if not child.get("id", "").startswith(mark)
    ]
    for group, child in others:
        group.remove(child)
    used = {element.get(HREF, "")[1:] for element in root.iter()}
    shapes = [s for _, child in others for d in child.iter(DEFS) for s in d]
    ET.SubElement(root, DEFS).extend(s for s in shapes if s.get("id") in used)


def _leave_out(root: ET.Element) -> None:
    """Remove paper, metadata, styles for all, and what is told in words."""
    for parent in list(root.iter()):
        for child in list(parent):
            ident = child.get("id", "")
            paper = ident == "patch_1" and parent.get("id") == "figure_1"
            kind = child.tag.removeprefix(f"{{{SVG}}}")
            if ident.startswith(ASIDE) or paper or kind in ("metadata", "style"):
                parent.remove(child)


def _recolour(root: ET.Element) -> tuple[frozenset[str], frozenset[str]]:
    """Let colours be variables; return those of marks and words, and those of cells."""
    groups = [e for e in root.iter() if e.get("id", "").startswith(CELLS)]
    cells = {id(cell) for group in groups for cell in group.iter()}
    found: dict[str, set[str]] = {"a": set(), "c": set()}

    def variable(kind: str, match: re.Match[str]) -> str:
        """Let a colour be looked up, itself the default."""
        colour = match[0].lower()
        found[kind].add(colour)
        return f"var(--{kind}-{colour[1:]},{colour})"

    for element in root.iter():
        named = partial(variable, "a" if id(element) in cells else "c")
        for key in ("style", "fill", "stroke"):
            if key in element.attrib:
                element.set(key, COLOUR.sub(named, element.attrib[key]))
    return frozenset(found["c"]), frozenset(found["a"])


def _rename(root: ET.Element, name: str) -> None:
    """Begin every id, and every reference to one, with the name of the sheet."""
    used = {e.get(HREF, "")[1:] for e in root.iter() if e.get(HREF, "")[:1] == "#"}
    for element in root.iter():
        for value in element.attrib.values():
            used |= set(LOCAL.findall(value))
    for element in root.iter():
        ident = element.attrib.pop("id", "")
        if ident in used:
            element.set("id", f"{name}-{ident}")
        for key, value in element.attrib.items():
            if key == HREF and value.startswith("#"):
                element.set(key, f"#{name}-{value[1:]}")
            elif "url(#" in value:
                element.set(key, LOCAL.sub(rf"url(#{name}-\1)", value))


def _describe(root: ET.Element, name: str, title: str, description: str) -> None:
    """Give the picture a title and a description that readers aloud find."""
    for place, (kind, text) in enumerate((("title", title), ("desc", description))):
        element = ET.Element(f"{{{SVG}}}{kind}", {"id": f"{name}-{kind}"})
        element.text = text
        root.insert(place, element)
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title")
    root.set("aria-describedby", f"{name}-desc")


def _letters(root: ET.Element) -> dict[int, str]:
    """Return the text of a drawing by weight of its font."""
    found: defaultdict[int, str] = defaultdict(str)
    for element in root.iter(f"{{{SVG}}}text"):
        match = WEIGHT.search(element.get("style", ""))
        weight = int(match[1]) if match else 400
        found[weight] += "".join(element.itertext())
    return dict(found)


def in_the_dark(colours: Iterable[str], areas: Iterable[str] = ()) -> str:
    """Return variables that turn lightness over: ink on paper becomes paper on ink.

    Hue and saturation stay, so that a role keeps its colour. Areas, on which words
    stand, turn as those words do; marks and words themselves stay bright.
    """
    marks = [f"--c-{c[1:]}:{_dark(c)};" for c in sorted(colours)]
    cells = [f"--a-{c[1:]}:{_dark(c, *CELL)};" for c in sorted(areas)]
    return "".join([*marks, *cells])


def _dark(colour: str, spread: float = 0.84, bright: float = 0.58) -> str:
    """Return a colour of the same hue that does on dark paper what this does on white.

    White becomes the dark paper itself, #14181f; black becomes near white.

    Parameters
    ----------
    spread : float
        How much lighter than paper black becomes.
    bright : float
        How light a full colour is at least.
    """
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, light, full = colorsys.rgb_to_hls(red, green, blue)
    turned = 0.1 + (1 - light) * spread
    if full > 0.35 and light < 0.75:
        turned = max(turned, bright)
    # next to white a saturation says nothing of what is seen
    if full < 0.12 or max(red, green, blue) - min(red, green, blue) < 0.02:
        hue, full = 0.607, 0.12 + 0.1 * light
    mixed = colorsys.hls_to_rgb(hue, turned, full)
    return "#" + "".join(f"{round(255 * part):02x}" for part in mixed)
