"""`python subset.py weui.min.css > weui.css`: the part of WeUI that our pages use, in WeUI's own words.

Kept: rules all of whose WeUI classes stand in our templates and scripts, the light colours, the variables they need.
Left out: the dark colours (one look, tested for contrast), vendor prefixes of browsers nobody has, and the rest.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
SOURCES = [*sorted((HERE.parents[1] / "templates").glob("d_*.html")), *sorted(HERE.glob("*.js"))]
CLASS = re.compile(r"\.(weui-[\w-]+)")
DARK = re.compile(r"data-weui-theme=.?dark|prefers-color-scheme|data-weui-mode")
HEAD = "/*! WeUI v2.6.26 (https://github.com/weui/weui), a part of it. MIT: see weui-LICENSE.txt */\n"


def used() -> set[str]:
    """Return the WeUI classes that our pages name."""
    return {name for path in SOURCES for name in re.findall(r"weui-[\w-]+", path.read_text("utf-8"))}


def rules(css: str) -> Iterator[tuple[str, str]]:
    """Yield (prelude, body) of every rule; the body of an @media holds rules again."""
    at = 0
    while at < len(css):
        opening = css.find("{", at)
        if opening < 0:
            return
        prelude = re.sub(r"/\*.*?\*/", "", css[at:opening], flags=re.S).strip()
        depth, end, quoted = 1, opening + 1, ""
        while depth:
            mark = css[end]
            if quoted:
                quoted = "" if mark == quoted else quoted
            elif mark in "\"'":
                quoted = mark
            elif mark == "(" and css[end - 3 : end] == "url":
                end = css.index(")", end) if css[end + 1] not in "\"'" else end
            else:
                depth += (mark == "{") - (mark == "}")
            end += 1
        yield prelude, css[opening + 1 : end - 1]
        at = end


def kept(css: str, classes: set[str]) -> Iterator[tuple[str, str]]:
    """Yield what our pages need of it."""
    for prelude, body in rules(css):
        if prelude.startswith("@media"):
            if not DARK.search(prelude) and (inner := "".join(f"{a}{{{b}}}" for a, b in kept(body, classes))):
                yield prelude, inner
        elif prelude.startswith("@"):
            if "keyframes" in prelude and "-webkit-" not in prelude:
                yield prelude, body
        elif chosen := [one for one in prelude.split(",") if wanted(one, classes)]:
            yield ",".join(chosen), body


def wanted(selector: str, classes: set[str]) -> bool:
    """Return whether a selector can match anything of ours."""
    if DARK.search(selector) or ".wx-root" in selector or re.search(r"(^|[ >+~])(page|navigator|wx-)", selector):
        return False
    return set(CLASS.findall(selector)) <= classes


def without_unused(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Drop variables nothing reads, a variable that only such variables read, and animations nobody plays."""
    while True:
        text = "".join(body for _, body in found)
        read = set(re.findall(r"var\((--[\w-]+)", text))
        played = set(re.findall(r"animation(?:-name)?:[^;}]*", text))
        thinner = []
        for prelude, body in found:
            if prelude.startswith("@") and "keyframes" in prelude:
                if any(prelude.split()[-1] in one for one in played):
                    thinner.append((prelude, body))
                continue
            lines = [line for line in declarations(body) if not line.startswith("--") or line.split(":")[0] in read]
            if lines:
                thinner.append((prelude, ";".join(lines)))
        if thinner == found:
            return found
        found = thinner


def declarations(body: str) -> list[str]:
    """Return the declarations of a rule; semicolons in quotes and in url() divide nothing."""
    if "{" in body:
        return [body]
    return re.findall(r"(?:[^;\"'(]|\"[^\"]*\"|'[^']*'|\((?:[^()\"']|\"[^\"]*\"|'[^']*'|\([^()]*\))*\))+", body)


if __name__ == "__main__":
    css = Path(sys.argv[1]).read_text("utf-8")
    sys.stdout.write(HEAD + "\n".join(f"{a}{{{b}}}" for a, b in without_unused(list(kept(css, used())))) + "\n")
