"""Every code of the reference says what to do; one that it doesn't know is kept whole."""

from __future__ import annotations

import re

import pytest

from wellspring.wecom.error_codes import Action, known_reasons, meaning
from wellspring.wecom.errors import GiveUp, OurMistake, RenewToken, RetryLater, SlowDown, UnknownCode, error_for

# Section 2 of the WeCom API reference, in its order.
REFERENCE = """
-1 6000 40001 40003 40004 40005 40006 40007 40008 40009 40011 40013 40014 40029 42003 42022 40031 40032 40033 40035
40039 40094 40056 40057 40058 40063 40066 40068 40071 40072 40091 40093 40096 40097 40098 40099 40100 40129 40126 40128
40130 40131 40143 40201 40204 40205 40206 41001 41002 41004 41006 41008 41009 41011 41035 41037-41040 41041 41042 41043
41044 41045 41046 41047 41048 41049 41050 41051 41096 41052 41053 41054 41055 41058 41056 41057 41059-41062 41067 41063
41079 41064 41065 41088 41089 41068-41071 41076 41077 41083 41084 41072 41080-41082 41090 41073-41075 41085-41087 41078
41091 41093 41094 41095 42001 42014-42052 43009 43012 44001 44004 45001 45007 45008 45032 45009 45033 46004 48002 48004
48005 48006 48007 50001 50002 50003 50100 60003 60011 60020 60021 60123 60102 60104 60111 60136 60140 610001-610004
610014-610018 701008 80001 81012 81013 81017 82001-82003 84014 84015 84061 84074 84083 84084 86001 86003 86101 86216
86224 90200-90208 90500-90502 90504 90503 90507-90511 91040 95000-95009 95011-95019 95022 95023 95026 95027 95030-95032
301002 301021 301023 301042 301048 301052 301053 301058-301061
"""


def codes() -> list[int]:
    found: list[int] = []
    for word in REFERENCE.split():
        first, _, last = word.partition("-") if not word.startswith("-") else (word, "", "")
        found += range(int(first), int(last or first) + 1)
    return found


@pytest.mark.parametrize("errcode", codes())
def test_every_code_of_the_reference_says_what_to_do(errcode: int) -> None:
    known = meaning(errcode)
    assert known is not None
    action, word = known
    assert re.fullmatch(r"[a-z0-9_]+", word)
    error = error_for(errcode, "text", "path")
    kinds = {
        Action.RENEW: RenewToken,
        Action.LATER: RetryLater,
        Action.SLOW: SlowDown,
        Action.GIVE_UP: GiveUp,
        Action.MISTAKE: OurMistake,
    }
    assert type(error) is kinds[action]
    assert error.errcode == errcode


def test_a_code_nobody_knows_is_kept_whole() -> None:
    answer = {"errcode": 987654, "errmsg": "a new rule", "hint": {"a": 1}}
    error = error_for(987654, "a new rule", "path", answer)
    assert isinstance(error, UnknownCode)
    assert error.answer == answer


def test_reasons_are_words_that_can_be_stored_and_translated() -> None:
    assert all(re.fullmatch(r"[a-z0-9_]+", reason) for reason in known_reasons())
