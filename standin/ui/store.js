// What the page knows: rooms, people, the messages of rooms it has opened, and the phone of whoever "I" am.
import { get } from "./api.js";

export const store = {
  rooms: new Map(),
  people: new Map(),
  bots: [],
  apps: [],
  title: "",
  levels: [], // the columns: levels that have groups, from the top down
  guide: [],
  links: [],
  faults: [],
  offset: 0,
  since: 0,
  me: null,
  phone: [],
  open: new Map(), // room id -> messages
  unread: new Map(), // room id -> count
  heard: new Map(), // msgid -> {state, attempts}
  latest: new Map(), // room id -> time of the last message
};

export async function loadAll() {
  const events = await get("events", { since: 0, limit: 0 });
  const all = await get("rooms");
  store.rooms = new Map(all.rooms.map((room) => [room.id, room]));
  store.people = new Map(all.members.map((person) => [person.key, person]));
  Object.assign(store, { bots: all.bots, apps: all.apps, title: all.title, faults: all.faults, offset: all.offset_s });
  Object.assign(store, { levels: all.levels, guide: all.guide, links: all.links });
  store.since = events.last;
  store.open.clear();
  store.unread.clear();
  store.latest = new Map(all.rooms.filter((room) => room.last_at).map((room) => [room.id, room.last_at]));
}

export function now() {
  return Date.now() / 1000 + store.offset;
}

export function personLabel(person) {
  return `${person.name} · ${person.title || person.userid}`;
}

// Whoever the guide begins with; else a grid worker with a household group, who shows the whole chain.
export function firstPerson() {
  const kept = store.people.get(localStorage.getItem("me") || "");
  if (kept) return kept;
  const named = store.guide.flatMap((step) => step.do).find((action) => action.as);
  if (named) return store.people.get(named.as.toLowerCase());
  for (const room of store.rooms.values()) {
    if (room.kind !== "household") continue;
    const worker = room.members.map((key) => store.people.get(key)).find((p) => p && p.level === "grid");
    if (worker) return worker;
  }
  return store.people.values().next().value || null;
}

export async function become(person) {
  store.me = person;
  if (!person) return;
  localStorage.setItem("me", person.key);
  await reloadPhone();
}

export async function reloadPhone() {
  store.phone = store.me ? (await get("inbox", { userid: store.me.userid })).messages : [];
}

export async function openRoom(id) {
  if (!store.open.has(id)) store.open.set(id, (await get("chat", { chatid: id })).messages);
  store.unread.delete(id);
  return store.open.get(id);
}

export function roomsOf(level) {
  return [...store.rooms.values()].filter((room) => room.level === level);
}

export function myRooms(level) {
  return roomsOf(level).filter((room) => store.me && room.members.includes(store.me.key));
}

// The room a column shows when nobody chose: mine, else the one that spoke last, else one the guide names.
export function defaultRoom(level) {
  const rooms = roomsOf(level);
  const spoken = (list) => list.reduce((best, room) => (last(room) > last(best) ? room : best), list[0]);
  const mine = myRooms(level);
  if (mine.length) return spoken(mine);
  if (!rooms.length) return null;
  const found = spoken(rooms);
  return last(found) ? found : rooms.find((room) => guided().has(room.id)) || found;
}

function guided() {
  return new Set(store.guide.flatMap((step) => step.do).map((action) => action.where));
}

function last(room) {
  return store.latest.get(room.id) || 0;
}

// Takes one event in; the answer names what has to be drawn again.
export function absorb(event) {
  switch (event.type) {
    case "message":
      return event.room ? roomSaid(event) : phoneSaid(event);
    case "update":
      return updated(event);
    case "callback":
      if (event.msgid) store.heard.set(event.msgid, event);
      return ["heard"];
    case "room":
      store.rooms.set(event.room.id, event.room);
      return ["rooms"];
    case "clock":
      store.offset = event.offset_s;
      return ["clock"];
    case "fault":
      store.faults = event.rules;
      return ["faults"];
    case "reset":
      return ["all"];
  }
  return [];
}

function roomSaid(event) {
  store.latest.set(event.room, event.at);
  const open = store.open.get(event.room);
  if (open) open.push(event.message);
  store.unread.set(event.room, (store.unread.get(event.room) || 0) + 1);
  return [`room:${event.room}`];
}

function phoneSaid(event) {
  if (!store.me || !event.to.includes(store.me.key)) return [];
  store.phone.push(event.message);
  return ["phone"];
}

function updated(event) {
  if (!event.room) return store.me && event.to.includes(store.me.key) ? ["reload-phone"] : [];
  const open = store.open.get(event.room);
  const at = open ? open.findIndex((message) => message.msgid === event.message.msgid) : -1;
  if (at >= 0) open[at] = event.message;
  return [`room:${event.room}`];
}
