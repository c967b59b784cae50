// Pressing a button on a card, with the answers picked beside it.
import { post, toast } from "./api.js";
import { t } from "./words.js";

export async function press(person, message, key, event) {
  const card = event.target.closest(".card");
  const options = {};
  for (const select of card.querySelectorAll("select")) {
    options[select.dataset.question] = [...select.selectedOptions].map((o) => o.value);
  }
  for (const button of card.querySelectorAll("button")) button.disabled = true;
  const given = { kind: "member_click", userid: person.userid, task_id: message.task_id || message.msgid, key, options };
  try {
    const done = await post("act", { ...given, wait: true, wait_s: 20 });
    if (done.callback && done.callback.state !== "delivered") toast(t("cbFailed"), "bad");
  } catch (error) {
    toast(t("cannot") + error.message, "bad");
  }
  for (const button of card.querySelectorAll("button")) button.disabled = false;
}
