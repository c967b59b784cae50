"""The quick reader of flat callbacks and expat are one reader: whatever the quick one reads, expat reads alike."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import envelope
from bot.channels.envelope import Rejected, read_xml

NAMES = st.sampled_from(["ToUserName", "MsgType", "Content", "MsgId", "a", "_b", "1a", "名"])
WORDS = st.text(st.sampled_from("王1 <>&]/![CDA\n\t\r\x0b\x85\u2028\ufffe\ufeff😀"), max_size=12)
SPACES = st.sampled_from(["", "\n", " \t", "\x0b", "\xa0"])


@st.composite
def documents(draw):
    def field():
        name, said = draw(NAMES), draw(WORDS)
        inner = draw(st.sampled_from([said, f"<![CDATA[{said}]]>", f"<x>{said}</x>"]))
        return f"<{name}>{inner}</{draw(st.sampled_from([name, name, name, 'other']))}>{draw(SPACES)}"

    fields = "".join(field() for _ in range(draw(st.integers(0, 18))))
    return draw(st.sampled_from(["", "", "", "\n", "<!DOCTYPE xml>"])) + f"<xml>{draw(SPACES)}{fields}</xml>"


@given(documents())
def test_what_the_quick_reader_reads_expat_reads_alike(text):
    data = text.encode()
    quick = envelope._read_flat(data)
    if quick is not None:
        assert envelope._read_any(data) == quick


def test_the_usual_message_goes_the_quick_way():
    usual = (
        b"<xml><ToUserName><![CDATA[ww1]]></ToUserName>\n"
        b"<Content><![CDATA[a<b]]></Content><MsgId>7</MsgId><E></E></xml>"
    )
    assert envelope._read_flat(usual) == {"ToUserName": "ww1", "Content": "a<b", "MsgId": "7", "E": ""}


@pytest.mark.parametrize(
    "other",
    [
        b"<xml><a>1</a><a>2</a></xml>",
        b"<xml></xml>",
        b"<xml><1a>x</1a></xml>",
        b"<xml><a>\xef\xbf\xbe</a></xml>",
        b"<xml><a><![CDATA[\x0b]]></a></xml>",
    ],
    ids=["a name twice", "nothing", "no name", "no character", "a control character"],
)
def test_the_quick_reader_leaves_the_rest_to_expat_which_refuses_it(other):
    assert envelope._read_flat(other) is None
    with pytest.raises(Rejected):
        read_xml(other)


@pytest.mark.parametrize("fields", [1, 16, 17, 40])
def test_any_number_of_fields(fields):
    text = "<xml>" + "".join(f"<f{n}><![CDATA[{n}]]></f{n}>" for n in range(fields)) + "</xml>"
    assert read_xml(text.encode()) == {f"f{n}": str(n) for n in range(fields)}


@pytest.mark.parametrize(
    "nearly",
    [
        b"<xml>" + b"<a>1</a>" * 8000 + b"<xml>",
        b"<xml>" + b"".join(b"<a%d>%s</a%d>\n" % (n, b"1" * 4000, n) for n in range(16)) + b"<xml>",
        b"<xml><a>1</a>" + b" " * 65000 + b"<",
        b"<xml><a><![CDATA[" + b"x" * 65000 + b"]></a></xml>",
    ],
    ids=["many fields", "long fields", "spaces", "no end"],
)
def test_a_message_that_nearly_fits_is_refused_quickly(nearly):
    began = time.process_time()
    with pytest.raises(Rejected):
        read_xml(nearly)
    assert time.process_time() - began < 0.1  # it takes 2 ms; tried over and over it would take for ever
