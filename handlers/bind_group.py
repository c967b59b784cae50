"""绑定 CODE, posted in a group, binds that group to the code's node."""

from handlers import wording
from handlers.domain.chats import Channel
from handlers.domain.policy import Action, may
from handlers.ports import Context, Say, Turn, Work
from nlp.command import Command, CommandKind

intents = frozenset({CommandKind.BIND})


def handle(turn: Turn, command: Command, work: Work, ctx: Context) -> list[Say]:
    """Bind the group, or say kindly why not."""
    if turn.inbound.chat is None:
        return [Say("绑定要在群里发:@小格 绑定 码")]
    node = work.chats.node_of_code(command.args["code"], ctx.now)
    if not may(turn.person, Action.BIND, node, ctx.tree):
        work.audit.note(ctx.now, turn.person.id, "bind", f"node {node}", "duty", "refused")
        return [Say(wording.not_allowed("绑定那里的群"))]
    chat = work.chats.bind(command.args["code"], Channel.AIBOT, turn.inbound.chat, "", ctx.now)
    work.audit.note(ctx.now, turn.person.id, "bind", f"chat {chat.id} node {chat.node_id}", "duty", "ok")
    return [Say(wording.bound(ctx.tree.path_name(chat.node_id)))]
