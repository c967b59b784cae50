// The declaration on a phone: kept until it is answered, sent once, faults beside their fields (keep.js, last.js: its help).
// Without any of this the form works as a plain form does.
(function () {
  "use strict";
  var page = document.body.dataset;
  var byId = geying.byId;
  var all = geying.all;
  var drawer = geying.drawer;
  var newKey = geying.newKey;
  var post = geying.post;
  var words = byId("words") ? byId("words").dataset : {};
  var opened = Date.now(); // a sheet's time is ours when the page was made, and what has passed since: a phone's clock may be wrong
  var WEEK = 7 * 24 * 3600 * 1000;

  var form = byId("sheet");
  var token = page.token;
  var at = "/d/" + token;
  var send = byId("send");
  var state = byId("state");
  var receipt = byId("receipt");
  var busy = false;
  var timer = 0;

  function begun() { form.classList.add("d-begun"); } // from here on the button to send stays in sight
  function kept() { return drawer.lasting ? words.kept : words.open; }
  function tell(text) {
    state.textContent = text || "";
    state.hidden = !text;
  }

  // ---- people: more rows, rows that exclude one another
  var next = 2;
  function addPerson(row) {
    var section = document.createElement("section");
    section.className = "d-box d-person";
    section.dataset.row = row;
    section.setAttribute("aria-label", words.new);
    section.appendChild(byId("another").content.cloneNode(true));
    all("[id], [for], [name], [aria-labelledby]", section).forEach(function (node) {
      ["id", "for", "name", "aria-labelledby"].forEach(function (which) {
        var value = node.getAttribute(which);
        if (value && value.indexOf("n0") === 0) node.setAttribute(which, row + value.slice(2));
      });
    });
    var remove = document.createElement("button");
    remove.type = "button";
    remove.className = "d-remove";
    remove.textContent = words.remove;
    remove.addEventListener("click", function () { section.remove(); keepDraft(); });
    section.querySelector(".d-card").appendChild(remove);
    byId("more").before(section);
    return section;
  }
  byId("more").hidden = false;
  byId("more").addEventListener("click", function () {
    var first = byId("n1-on");
    if (first && !first.checked) { first.checked = true; first.dispatchEvent(new Event("change", { bubbles: true })); byId("n1-name").focus(); return; }
    while (byId("n" + next + "-name")) next += 1;
    if (next > 20) return;
    addPerson("n" + next).querySelector("input").focus();
  });
  if (byId("n1-on")) byId("n1-on").closest("section").hidden = !byId("n1-on").checked;

  function chosen() { return all(".d-on:checked", form).filter(function (box) { return box.value[0] !== "n"; }); }
  form.addEventListener("change", function (event) {
    var node = event.target;
    var row = node.name.split(".")[0];
    var field = node.name.split(".")[1];
    var of = function (name) { return all('[name="' + row + "." + name + '"]', form); };
    var off = function (name) { of(name).forEach(function (one) { one.checked = false; }); };
    if (field === "away" && node.checked) of("origin").forEach(function (one) { one.value = ""; });
    if (field === "well" && node.checked) off("s");
    if (field === "s" && node.checked) off("well");
    if (field === "transit" && node.checked) of("transit_at").forEach(function (one) { one.value = ""; });
    if (field === "day" && node.checked) of("arrived").forEach(function (one) { one.value = ""; });
    if (field === "arrived" && node.value) off("day");
    if (node === byId("n1-on")) byId("n1-on").closest("section").hidden = !node.checked;
    unmark(row, field);
    begun();
    byId("all-well").hidden = chosen().length < 2;
    keepDraft();
  });
  form.addEventListener("input", function (event) {
    var node = event.target;
    var row = node.name.split(".")[0];
    var field = node.name.split(".")[1];
    if (!node.value) return;
    var off = function (name) { all('[name="' + row + "." + name + '"]', form).forEach(function (one) { one.checked = false; }); };
    if (field === "origin") off("away");
    if (field === "transit_at") off("transit");
    begun();
    keepDraft();
  });
  byId("all-well").addEventListener("click", function () {
    chosen().forEach(function (box) {
      var well = byId(box.value + "-well-1");
      well.checked = true;
      well.dispatchEvent(new Event("change", { bubbles: true }));
    });
  });
  window.addEventListener("pageshow", function () { byId("all-well").hidden = chosen().length < 2; });

  // ---- the draft: what is typed survives a reload, for a week
  var saving = 0;
  function keepDraft() {
    clearTimeout(saving);
    saving = setTimeout(function () { if (!busy && !form.hidden) drawer.put("draft:" + token, { made: Date.now(), form: serialize(null) }); }, 250);
  }
  function restoreDraft() {
    var draft = drawer.get("draft:" + token);
    if (!draft || Date.now() - draft.made > WEEK) { drawer.drop("draft:" + token); return false; }
    return fill(draft.form);
  }
  function fill(text) {
    var some = false;
    new URLSearchParams(text).forEach(function (value, name) {
      if (name === "t" || name === "key" || name === "made") return;
      var row = name.split(".")[0];
      if (/^n\d+$/.test(row) && row !== "n1" && name.indexOf(".") > 0 && !byId(row + "-name")) addPerson(row);
      all('[name="' + name.replace(/["\\]/g, "") + '"]', form).forEach(function (node) {
        if (node.type === "radio" || node.type === "checkbox") { if (node.value === value) node.checked = true; }
        else node.value = value;
        if (value && name.split(".")[1] !== "by") some = true;
        for (var box = node.closest("details"); box; box = box.parentElement.closest("details")) if (value && node.type !== "hidden") box.open = true;
      });
    });
    if (byId("n1-on")) byId("n1-on").closest("section").hidden = !byId("n1-on").checked;
    if (some) begun();
    return some;
  }

  // ---- the sheet as it is posted. Made once: what lies on the phone is what is sent, however often
  function serialize(key) {
    var out = new URLSearchParams();
    out.append("t", form.elements.t.value);
    new FormData(form).forEach(function (value, name) {
      if (name === "t" || name === "key" || name === "made") return;
      var box = byId(name.split(".")[0] + "-on");
      if (key && box && !box.checked && name.indexOf(".") > 0) return; // of somebody who was not ticked
      if (value !== "") out.append(name, value);
    });
    if (key) { out.append("key", key); out.append("made", String(Number(form.elements.made.value) + Date.now() - opened)); }
    return out.toString();
  }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    if (busy) return; // a second tap: once is enough
    if (drawer.get("out:" + token)) { deliver(0); return; } // another window's sheet is on its way: that one first
    unmarkAll();
    var unnamed = chosen().map(function (box) { return byId(box.value + "-name"); }).filter(function (node) { return node && !node.closest("[hidden]") && !node.value.trim() && node.closest("section").querySelector(".weui-check:checked"); });
    if (unnamed.length) {
      mark(unnamed.map(function (node) { return { row: node.name.split(".")[0], field: "name", say: node.dataset.needed, offer: [] }; }));
      return;
    }
    var key = newKey();
    clearTimeout(saving);
    drawer.put("draft:" + token, { made: Date.now(), form: serialize(null) });
    drawer.put("out:" + token, { key: key, made: Date.now(), form: serialize(key) });
    deliver(0);
  });

  // ---- on its way: post until it is taken, then ask until it is answered
  function holding(on) {
    busy = on;
    send.setAttribute("aria-disabled", String(on));
  }
  function later(tries, text) {
    tell(text);
    holding(true);
    clearTimeout(timer);
    timer = setTimeout(function () { deliver(tries + 1); }, Math.min(60000, 2000 * Math.pow(2, Math.min(tries, 5))) * (0.75 + Math.random() / 2));
  }
  function deliver(tries) {
    var sheet = drawer.get("out:" + token);
    if (!sheet) { holding(false); return; }
    clearTimeout(timer);
    holding(true);
    if (sheet.at) { ask(sheet, 0); return; }
    if (navigator.onLine === false) { tell(kept()); return; }
    if (tries === 0) tell(words.sending);
    post(at, sheet.form).then(function (answer) {
      if (answer.status === 202) return answer.json().then(function (said) {
        sheet.at = said.at;
        drawer.put("out:" + token, sheet);
        ask(sheet, 0);
      });
      if (answer.status === 403 && !sheet.fresh) return freshSeal(sheet, tries);
      if (answer.status === 429 || answer.status >= 500) { later(Math.max(tries, 2), words.busy); return; }
      return answer.json().then(function (said) { giveUp(document.documentElement.lang === "en" ? said.say_en : said.say); });
    }).catch(function () { later(tries, kept()); });
  }
  function giveUp(text) {
    drawer.drop("out:" + token);
    holding(false);
    tell(text);
  }
  // The page lay open for longer than its seal is good: fetch another; the sheet stays the same sheet.
  function freshSeal(sheet, tries) {
    return fetch(at, { cache: "no-store", credentials: "same-origin" }).then(function (answer) { return answer.text(); }).then(function (html) {
      var seal = new DOMParser().parseFromString(html, "text/html").querySelector('#sheet [name="t"]');
      if (!seal) throw new Error("no form");
      sheet.form = sheet.form.replace(/^t=[^&]*/, "t=" + encodeURIComponent(seal.value));
      sheet.fresh = true;
      drawer.put("out:" + token, sheet);
      deliver(tries);
    });
  }
  function ask(sheet, tries) {
    var body = new URLSearchParams({ key: sheet.key, at: sheet.at }).toString();
    if (tries === 0) tell(words.waiting);
    var again = function () {
      clearTimeout(timer);
      if (tries === 20) tell(words.slow);
      timer = setTimeout(function () { ask(sheet, tries + 1); }, tries < 6 ? 250 : tries < 20 ? 1500 : 15000);
    };
    post(at + "/answer", body).then(function (answer) {
      if (answer.status === 404) { giveUp(""); location.reload(); return null; }
      return answer.ok ? answer.json() : { state: "pending" };
    }).then(function (said) {
      if (said) answered(sheet, said, again);
    }).catch(again);
  }
  function answered(sheet, said, again) {
    if (said.state === "pending") { again(); return; }
    drawer.drop("out:" + token);
    holding(false);
    if (said.state === "faults") { mark(said.faults); return; }
    if (said.state !== "taken") { tell(said.say); return; }
    drawer.drop("draft:" + token);
    if (said.me) drawer.put("me:" + token, said.me);
    try { sessionStorage.setItem("geying:done:" + token, JSON.stringify({ key: sheet.key, at: sheet.at })); } catch (_) { /* then a reload shows the form */ }
    show(said);
  }
  function show(said) {
    tell("");
    form.hidden = true;
    document.body.classList.add("d-over");
    receipt.innerHTML = said.html; // our own template, escaped there
    receipt.hidden = false;
    all(".d-another", receipt).forEach(function (link) {
      link.addEventListener("click", function () { try { sessionStorage.removeItem("geying:done:" + token); } catch (_) { /* nothing there */ } });
    });
    receipt.focus();
    window.scrollTo(0, 0);
    geying.mine(token);
  }

  // ---- faults, beside what they are about
  function unmark(row, field) {
    all('.d-fault[data-row="' + row + '"][data-field="' + field + '"]', form).forEach(function (node) { node.remove(); });
  }
  function unmarkAll() {
    all(".d-fault, .d-offers", form).forEach(function (node) { node.remove(); });
    all("[aria-invalid]", form).forEach(function (node) { node.removeAttribute("aria-invalid"); node.removeAttribute("aria-describedby"); });
  }
  var BESIDE = { away: "away-no", arrived: "arrived", transit: "transit_at", symptoms: "well-1", consents: "c-declare", under_14: "by-self", guardian: "by-child", transport: "transport-train", category: "category-student" };
  function target(fault) {
    var row = fault.row || "sheet";
    return byId(row + "-" + (BESIDE[fault.field] || fault.field)) || byId(row + "-" + fault.field) || byId(row + "-on");
  }
  function mark(faults) {
    tell(words.faults);
    var first = null;
    faults.forEach(function (fault, number) {
      var node = target(fault);
      var note = document.createElement("p");
      note.className = "d-fault";
      note.id = "fault-" + number;
      note.dataset.row = fault.row || "";
      note.dataset.field = { symptoms: "well", consents: "c", guardian: "by", under_14: "by" }[fault.field] || fault.field;
      note.textContent = fault.say;
      if (!node) { state.appendChild(note); return; }
      for (var box = node.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
      if (node.closest(".d-usual") && node.closest(".d-same")) node.closest(".d-same").classList.remove("d-same");
      node.setAttribute("aria-invalid", "true");
      node.setAttribute("aria-describedby", note.id);
      var place = node.closest(".d-chips, .d-degrees, .weui-cell, .weui-cells_checkbox") || node;
      if (place.classList.contains("weui-check__label")) place = place.parentElement;
      place.after(note);
      if (fault.offer.length) offers(fault, node, note);
      if (!first) first = node;
    });
    if (first) {
      first.focus({ preventScroll: true });
      (first.closest(".d-chips, .weui-cell") || first).scrollIntoView({ block: "center" });
    }
  }
  function offers(fault, node, note) {
    var line = document.createElement("div");
    line.className = "d-chips d-offers";
    fault.offer.forEach(function (offer) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "d-tool";
      button.textContent = words.yes.replace("{offer}", fault.field === "temperature" ? offer + "℃" : offer);
      button.addEventListener("click", function () {
        node.value = offer;
        node.removeAttribute("aria-invalid");
        line.remove();
        note.remove();
        keepDraft();
        send.focus({ preventScroll: true });
      });
      line.appendChild(button);
    });
    note.after(line);
  }

  function remember(drafted) {
    geying.remember({ token: token, home: page.home, words: words, drafted: drafted, begun: begun, chosen: chosen });
  }

  // ---- begin: a receipt of this tab, a sheet on its way, a draft, or a fresh form
  window.addEventListener("online", function () { if (drawer.get("out:" + token)) deliver(0); });
  window.addEventListener("offline", function () { if (busy) tell(kept()); });
  window.addEventListener("pageshow", function (event) { if (event.persisted && drawer.get("out:" + token)) deliver(0); });
  drawer.names("out:").forEach(function (name) {
    var sheet = drawer.get(name);
    if (!sheet || Date.now() - sheet.made > WEEK) { drawer.drop(name); if (sheet && name === "out:" + token) tell(words.old); return; }
    if (name !== "out:" + token && !sheet.at) post("/d/" + name.slice(4), sheet.form).then(function (answer) {
      if (answer.status === 202) answer.json().then(function (said) { sheet.at = said.at; drawer.put(name, sheet); });
    }).catch(function () { /* at the next visit */ });
  });
  var done = null;
  if (/^#m=/.test(location.hash)) try { sessionStorage.removeItem("geying:done:" + token); } catch (_) { /* to fill in anew is why they came */ }
  try { done = JSON.parse(sessionStorage.getItem("geying:done:" + token)); } catch (_) { /* a fresh form */ }
  if (drawer.get("out:" + token)) {
    remember(restoreDraft());
    deliver(0);
  } else if (done) {
    remember(false);
    post(at + "/answer", new URLSearchParams(done).toString()).then(function (answer) { return answer.json(); }).then(function (said) {
      if (said.state === "taken") show(said);
    }).catch(function () { /* the form stays */ });
  } else {
    var drafted = !document.querySelector(".d-fault") && restoreDraft();
    if (drafted) tell(words.restored);
    remember(drafted);
  }
})();
