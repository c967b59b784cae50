"""All channels: which module speaks for which, and what each can do."""

from bot.channels import aibot, answers, appchat, group_robot, kf, official_account, wecom_app
from bot.channels.call import Call, Impossible
from bot.channels.http import Origin, Result
from handlers.domain.message import Channel
from handlers.domain.parcel import Outcome, Parcel

CAPABILITIES: dict[Channel, tuple[str, ...]] = {
    Channel.WECOM_APP: wecom_app.CAPABILITIES,
    Channel.AIBOT: aibot.CAPABILITIES,
    Channel.APPCHAT: appchat.CAPABILITIES,
    Channel.GROUP_ROBOT: group_robot.CAPABILITIES,
    Channel.KF: kf.CAPABILITIES,
    Channel.OFFICIAL_ACCOUNT: official_account.CAPABILITIES,
}


def render(
    parcel: Parcel,
    agent_id: int,
    origin: Origin,
    media_id: str | None = None,
    picture: bytes | None = None,
    open_kfid: str = "",
) -> Call:
    """Return the platform call for *parcel*; `Impossible` when there is none."""
    match parcel.channel:
        case Channel.WECOM_APP:
            return wecom_app.render(parcel, agent_id, media_id)
        case Channel.APPCHAT:
            return appchat.render(parcel, media_id)
        case Channel.GROUP_ROBOT:
            return group_robot.render(parcel, media_id, picture)
        case Channel.AIBOT:
            return aibot.render(parcel, origin)
        case Channel.KF:
            return kf.render(parcel, open_kfid, media_id)
        case Channel.OFFICIAL_ACCOUNT:
            return official_account.render(parcel)
        case Channel.PAGE:
            raise Impossible("a page is read by whoever opens it")


def read(parcel: Parcel, result: Result) -> Outcome:
    """Return the outcome of one attempt at *parcel*."""
    outcome = answers.read(result)
    return official_account.understood(outcome) if parcel.channel is Channel.OFFICIAL_ACCOUNT else outcome
