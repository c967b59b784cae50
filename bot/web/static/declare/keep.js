// What a page of the residents keeps on the phone, and how it posts: the help of declare.js and last.js.
(function () {
  "use strict";
  var geying = window.geying = {};
  geying.byId = function (id) { return document.getElementById(id); };
  geying.all = function (selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); };

  // ---- a drawer on the phone; where the browser gives none, this page's own memory
  var memory = {};
  geying.drawer = {
    lasting: true,
    get: function (key) {
      if (!geying.drawer.lasting) return memory[key] || null; // reading may work where writing does not
      try { return JSON.parse(localStorage.getItem("geying:" + key)); } catch (_) { return memory[key] || null; }
    },
    put: function (key, value) {
      memory[key] = value;
      try { localStorage.setItem("geying:" + key, JSON.stringify(value)); } catch (_) { geying.drawer.lasting = false; /* full or forbidden: memory it is */ }
    },
    drop: function (key) {
      delete memory[key];
      try { localStorage.removeItem("geying:" + key); } catch (_) { /* nothing there */ }
    },
    names: function (start) {
      var found = Object.keys(memory);
      try { for (var i = 0; i < localStorage.length; i++) found.push(localStorage.key(i).replace(/^geying:/, "")); } catch (_) { /* memory */ }
      return found.filter(function (name, at) { return name.indexOf(start) === 0 && found.indexOf(name) === at; });
    },
  };

  geying.newKey = function () {
    var bytes = crypto.getRandomValues(new Uint8Array(18));
    return btoa(String.fromCharCode.apply(null, bytes)).replace(/\+/g, "-").replace(/\//g, "_");
  };
  geying.post = function (path, body) {
    var stop = window.AbortController ? new AbortController() : null;
    var late = setTimeout(function () { if (stop) stop.abort(); }, 20000);
    return fetch(path, {
      method: "POST", body: body, credentials: "same-origin", cache: "no-store", redirect: "error", signal: stop ? stop.signal : undefined,
      headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" },
    }).then(function (answer) { clearTimeout(late); return answer; }, function (error) { clearTimeout(late); throw error; });
  };
})();
