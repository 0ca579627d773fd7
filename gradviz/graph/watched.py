"""What a watch follows: a node's first output by the node's id, another as ``id:number``."""

from __future__ import annotations

import re

NUMBER = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)


def watch_key(node_id: str, output: int) -> str:
    """How a watch of an output, counted from 0, is written."""
    return f"{node_id}:{output}" if output else node_id


def watched_output(key: str) -> tuple[str, int]:
    """The id of the node and the output, counted from 0, that a watch follows."""
    node_id, _, number = key.partition(":")
    return node_id, int(number or 0)


def key_problem(key: str) -> str | None:
    """Why this names no output; a node that is meant may be missing, or give fewer outputs."""
    _, mark, number = key.partition(":")
    if mark and not NUMBER.fullmatch(number):
        return "a watch is a node's id, with : and a number from 1 on for another output"
    return None
