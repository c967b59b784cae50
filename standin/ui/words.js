// Words of the page: Chinese first, English by switch. One key, two sentences.
const WORDS = {
  iam: ["我是", "I am"],
  guide: ["上手", "Guide"],
  guideLong: ["上手", "First steps"],
  close: ["收起", "Close"],
  clockIs: ["两边的时钟都拨到", "Both clocks now say"],
  clock: ["时钟", "Clock"],
  plus1: ["+1分", "+1m"],
  plus30: ["+30分", "+30m"],
  to16: ["到16:00", "16:00"],
  real: ["回到现在", "Now"],
  faults: ["故障", "Faults"],
  log: ["记录", "Log"],
  panes: ["聊天窗口", "Chats"],
  county: ["县", "County"],
  township: ["镇", "Town"],
  village: ["村", "Village"],
  grid: ["网格", "Grid"],
  household: ["户群", "Homes"],
  phone: ["手机", "Phone"],
  residentPhone: ["居民手机", "A resident's phone"],
  countyLong: ["县级群", "County group"],
  townshipLong: ["镇级群", "Township group"],
  villageLong: ["村级群", "Village group"],
  gridLong: ["网格群", "Grid group"],
  householdLong: ["户群", "Household group"],
  internal: ["内部群", "Staff group"],
  ordinary: ["普通微信群 · 没有机器人", "Ordinary WeChat group · no bot"],
  withBot: ["机器人只听 @", "the bot hears only @"],
  noBot: ["机器人未入群", "no bot inside"],
  addBot: ["拉机器人进群", "Add the bot"],
  people: ["人", " people"],
  search: ["搜群名…", "Search groups…"],
  searchPeople: ["搜姓名、村名、账号…", "Search people…"],
  picture: ["图片", "Picture"],
  download: ["点击下载", "Download"],
  unseen: ["微信插件里看不到这种消息", "The WeChat plug-in does not show this"],
  missed: ["人没收到(每人每分钟 200 条)", " missed it (200 a minute per person)"],
  noRoom: ["这一级还没有群", "No group at this level yet"],
  empty: ["还没有消息。在下面打字,按发送。", "Nothing here yet. Type below and send."],
  withheld: ["机器人听不到", "The bot does not hear this"],
  heard: ["已送到", "delivered"],
  failed: ["三次没送到", "not delivered, 3 tries"],
  dropped: ["回调丢失", "callback lost"],
  tries: ["次", " tries"],
  recalled: ["消息已撤回", "Message recalled"],
  say: ["发送", "Send"],
  typeAt: ["@小格 说一句(不@它听不到)", "@小格 … (only @ reaches the bot)"],
  typeHousehold: ["粘贴接龙或通知…", "Paste a roll or a notice…"],
  typePhone: ["发给 ", "To "],
  neighbour: ["邻居", "Neighbour"],
  as: ["以谁的身份说", "Speak as"],
  forward: ["转发到群", "Forward to group"],
  forwardTitle: ["转发到哪些户群?", "Forward to which household groups?"],
  forwardNone: ["这个人不在任何户群里。", "This person is in no household group."],
  cancel: ["取消", "Cancel"],
  all: ["全选", "All"],
  toPhone: ["复制到手机", "Copy to phone"],
  detail: ["查看详情 ›", "Details ›"],
  appThread: ["应用消息", "App messages"],
  botThread: ["单聊", "alone"],
  forwarded: ["已转发", "Forwarded"],
  faultsTitle: ["故障台:看它怎么扛住", "Faults: watch it cope"],
  once: ["只一次", "Once"],
  standing: ["一直", "Until cleared"],
  clearAll: ["全部恢复", "Clear all"],
  fired: ["已触发", "fired"],
  network: ["网络", "Network"],
  platform: ["平台", "Platform"],
  callbacks: ["回调", "Callbacks"],
  f_reset: ["断网", "Cut the network"],
  f_timeout: ["不应答", "Hang"],
  f_latency: ["慢 1.5 秒", "Slow, 1.5 s"],
  f_http_502: ["网关 502", "Gateway 502"],
  f_html_200: ["200 但是网页", "A page with 200"],
  f_commit_then_timeout: ["发出去了,回答丢了", "Sent, answer lost"],
  f_truncated_json: ["回答断一半", "Half an answer"],
  f_busy: ["系统繁忙", "Busy (-1)"],
  f_concurrency: ["并发超限", "Too many at once"],
  f_quota_exhaust: ["超频一分钟", "Quota gone, 1 min"],
  f_token_revoke_now: ["令牌立即作废", "Revoke tokens now"],
  f_silent_drop: ["悄悄丢弃", "Drop silently"],
  f_cb_duplicate: ["重复送两遍", "Deliver twice more"],
  f_cb_same_second_pair: ["同一秒来两条", "Two in one second"],
  f_cb_reorder: ["后来先到", "Out of order"],
  f_cb_delay: ["晚到 3 秒", "3 s late"],
  f_cb_drop: ["丢失", "Lose"],
  f_cb_bad_signature: ["假签名", "Forged signature"],
  f_clock_skew: ["时钟偏 400 秒", "Clock off by 400 s"],
  logTitle: ["接口记录(已去密)", "HTTP log (secrets removed)"],
  follow: ["跟随最新", "Follow"],
  callIn: ["产品→微信", "product → WeChat"],
  callOut: ["微信→产品", "WeChat → product"],
  silentDrop: ["平台悄悄丢了一条(每人每分钟 30 条)", "The platform silently dropped one (30 a minute per person)"],
  cbFailed: ["回调三次未应,消息丢了", "Three tries unanswered: the message is lost"],
  cannot: ["做不了:", "Cannot: "],
  offline: ["替身没有应答,稍后再试…", "The stand-in does not answer; trying again…"],
  nobody: ["没有这个人", "Nobody of that name"],
  submit: ["提交", "Submit"],
};

let column = localStorage.getItem("lang") === "en" ? 1 : 0;

export function t(key) {
  return WORDS[key] ? WORDS[key][column] : key;
}

export function isEnglish() {
  return column === 1;
}

export function switchLanguage() {
  column = 1 - column;
  localStorage.setItem("lang", column ? "en" : "zh");
}

// Puts the words into everything in *root* that names one.
export function translate(root) {
  document.documentElement.lang = column ? "en" : "zh-CN";
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of root.querySelectorAll("[data-t-label]")) node.setAttribute("aria-label", t(node.dataset.tLabel));
}
