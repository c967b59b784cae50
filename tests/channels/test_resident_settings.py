"""Settings: whole or not at all, never with what everybody knows."""

from __future__ import annotations

import pytest

from bot.settings import DEMO_SECRETS, OFFICIAL_ACCOUNT_API, load
from handlers.domain.errors import BadSetting

WECOM = {
    "GEYING_SECRET_KEY": "s" * 32,
    "GEYING_DATA_KEY": "c2FtcGxlIGtleSBvZiAzMiBieXRlcyBmb3IgdGVzdHM",
    "GEYING_WECOM_CORP_ID": "wwtest",
    "GEYING_WECOM_AGENT_ID": "1000003",
    "GEYING_WECOM_SECRET": "secret",
    "GEYING_WECOM_TOKEN": "token",
    "GEYING_WECOM_AES_KEY": "A" * 43,
}
ACCOUNT = {
    "GEYING_OA_APP_ID": "wxtest",
    "GEYING_OA_SECRET": "secret",
    "GEYING_OA_TOKEN": "token",
    "GEYING_OA_AES_KEY": "B" * 43,
}


def faults(environ: dict[str, str]) -> str:
    with pytest.raises(BadSetting) as refused:
        load(WECOM | environ, dotenv=None)
    return str(refused.value)


def test_without_them_the_deployment_stands_and_says_so() -> None:
    settings = load(WECOM, dotenv=None)
    assert (settings.kf_id, settings.oa_app_id, settings.oa_api_base) == ("", "", OFFICIAL_ACCOUNT_API)
    assert "GEYING_KF_ID" in settings.not_set_up[0]
    assert "GEYING_OA_APP_ID" in settings.not_set_up[1]


def test_with_them_nothing_is_missing() -> None:
    settings = load(WECOM | ACCOUNT | {"GEYING_KF_ID": "wk1"}, dotenv=None)
    assert settings.not_set_up == ()
    assert "secret" not in repr(settings)


@pytest.mark.parametrize("left_out", sorted(ACCOUNT))
def test_a_part_of_an_account_is_a_fault_that_names_the_rest(left_out: str) -> None:
    said = faults({name: value for name, value in ACCOUNT.items() if name != left_out})
    assert left_out in said
    assert "要么四样都设" in said


@pytest.mark.parametrize("name", ["KF_ID", "OA_APP_ID", "OA_SECRET", "OA_TOKEN", "OA_AES_KEY"])
def test_what_the_demo_uses_is_refused_elsewhere(name: str) -> None:
    assert f"GEYING_{name} 是演示用的默认值" in faults(ACCOUNT | {f"GEYING_{name}": DEMO_SECRETS[name]})


@pytest.mark.parametrize("name", ["WECOM_TOKEN", "WECOM_AES_KEY", "WECOM_SECRET", "SECRET_KEY", "DATA_KEY"])
def test_what_everybody_knows_is_refused_for_the_app_as_well(name: str) -> None:
    assert f"GEYING_{name} 是演示用的默认值" in faults({f"GEYING_{name}": DEMO_SECRETS[name]})


def test_the_demos_keys_open_no_bot_and_no_old_key() -> None:
    bot = {"GEYING_AIBOT_TOKEN": DEMO_SECRETS["AIBOT_TOKEN"], "GEYING_AIBOT_AES_KEY": DEMO_SECRETS["AIBOT_AES_KEY"]}
    said = faults(bot | {"GEYING_WECOM_AES_KEY_PREVIOUS": DEMO_SECRETS["WECOM_AES_KEY"]})
    for name in (*bot, "GEYING_WECOM_AES_KEY_PREVIOUS"):
        assert f"{name} 是演示用的默认值" in said


def test_the_number_of_an_app_is_no_secret() -> None:
    number = DEMO_SECRETS["WECOM_AGENT_ID"]  # the first app of every company
    assert load(WECOM | {"GEYING_WECOM_AGENT_ID": number}, dotenv=None).wecom_agent_id == int(number)


def test_a_database_of_another_kind_is_named() -> None:
    assert "GEYING_DATABASE_URL" in faults({"GEYING_DATABASE_URL": "mysql://db/geying"})


def test_a_wrong_key_is_named() -> None:
    assert "GEYING_OA_AES_KEY 应是 43 位字母数字" in faults(ACCOUNT | {"GEYING_OA_AES_KEY": "short"})


def test_in_the_demo_one_stand_in_plays_both() -> None:
    settings = load({"GEYING_DEMO": "1", "GEYING_WECOM_API_BASE": "http://127.0.0.1:9"}, dotenv=None)
    assert settings.oa_api_base == "http://127.0.0.1:9"
    assert settings.not_set_up == ()
