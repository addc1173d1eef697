"""What the site has beside docs/: pages made from the code, and files from elsewhere.

Links in Markdown lead from file to file of the repository, so that they work wherever it
is read; here they are turned into links between pages of the site.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

import api_page
import command_page
import layers
import notebook_page
import schema_page
from mkdocs.structure.files import File

ROOT = Path(__file__).resolve().parents[2]
ELSEWHERE = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "data/README.md": "data.md",
    "NOTICE": "NOTICE.txt",
    "LICENSE": "LICENSE.txt",
}
"""Files of the repository outside docs/, and what they are called on the site."""
SAMPLE = "reports/sample"
FENCE = re.compile(r"^(```\w+) +(.*)$", re.MULTILINE)
TITLE = re.compile(r'title="[^"]*"')
LINK = re.compile(r"(\]\()([^)\s#:]+)(#[^)]*)?(\))")


def on_files(files: Any, config: Any) -> Any:
    """Add what does not lie in docs/."""
    for source, name in ELSEWHERE.items():
        files.append(File.generated(config, name, abs_src_path=str(ROOT / source)))
    for path in sorted((ROOT / SAMPLE).iterdir()):
        name = f"sample/{path.name}"
        files.append(File.generated(config, name, abs_src_path=str(path)))
    for name, text in made().items():
        files.append(File.generated(config, name, content=text))
    return files


def made() -> dict[str, str]:
    """Return the pages that are made from the code, by name."""
    from aftershock.config import RunConfig

    pages = {
        "reference/python.md": api_page.page(),
        "reference/commands.md": command_page.page(),
        "reference/config.md": schema_page.page(RunConfig.model_json_schema()),
    }
    for path in sorted((ROOT / "docs" / "notebooks").glob("*.ipynb")):
        pages[f"notebooks/{path.stem}.md"] = notebook_page.page(path)
    return pages


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Turn links between files into links between pages; put in what the code says."""
    name = page.file.src_uri
    table = layers.module_table(layers.layers())
    return fenced(linked(markdown, name)).replace("<!-- modules -->", table)


def fenced(markdown: str) -> str:
    """Return a page without the words by which tests know what to do with a block."""

    def keep(found: re.Match[str]) -> str:
        title = TITLE.search(found[2])
        return f"{found[1]} {title[0]}" if title else found[1]

    return FENCE.sub(keep, markdown)


def linked(markdown: str, name: str) -> str:
    """Return a page's Markdown with its links as they are on the site."""
    home = {site: source for source, site in ELSEWHERE.items()}.get(name)
    if home is None:
        home = f"docs/{name}"

    def lead(found: re.Match[str]) -> str:
        start, target, anchor, end = found.groups()
        return start + _on_site(home, target, name) + (anchor or "") + end

    return LINK.sub(lead, markdown)


def _on_site(home: str, target: str, name: str) -> str:
    """Return a link of the file `home` as one of the page `name`."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(home), target))
    if path in ELSEWHERE:
        path = ELSEWHERE[path]
    elif path.startswith(SAMPLE):
        path = path.replace(SAMPLE, "sample", 1)
    else:
        path = path.removeprefix("docs/").replace(".ipynb", ".md")
    return posixpath.relpath(path, posixpath.dirname(name) or ".")
