// Leaving a page quickly. A plain script at the head of every public page, before anything
// is drawn: after somebody left, Back must not show a page of this site for a moment.
//
// "Leave this page" is a link that works without this. With it the page is blank at once,
// its place in the tab's history is given to the other website, and when Back leads to an
// earlier page of this site, that one leaves as well. What is remembered for this (that
// somebody left, and that the Shift key is off) stays in the tab, and ends with it.
(function () {
  "use strict";
  var LEFT = "left";
  var QUIET = "shift-off";
  var memory = {}; // where the browser keeps nothing for a tab

  function recall(name) {
    try {
      return sessionStorage.getItem(name);
    } catch (e) {
      return memory[name];
    }
  }

  function remember(name, value) {
    memory[name] = value;
    try {
      if (value) sessionStorage.setItem(name, value);
      else sessionStorage.removeItem(name);
    } catch (e) {
      // it is remembered for as long as this page is open
    }
  }

  function leave(to) {
    document.documentElement.style.display = "none"; // first: nothing can be seen from here on
    document.title = "\u00a0";
    remember(LEFT, to);
    location.replace(to);
  }

  var visit = performance.getEntriesByType("navigation")[0];
  var left = recall(LEFT);
  if (left && visit && visit.type === "back_forward") {
    leave(left);
  } else if (left) {
    remember(LEFT, ""); // they came back of their own will
  }
  // A page that the browser kept whole runs nothing but this when it is shown again.
  addEventListener("pageshow", function (e) {
    if (e.persisted && recall(LEFT)) leave(recall(LEFT));
  });

  addEventListener("DOMContentLoaded", function () {
    var control = document.getElementById("leave");
    if (!control) return;
    control.addEventListener("click", function (e) {
      if (e.ctrlKey || e.metaKey || e.shiftKey || e.button) return; // another tab: this one stays
      e.preventDefault();
      leave(control.href);
    });
    document.querySelectorAll("[data-leave-plain]").forEach(function (x) {
      x.remove();
    });
    document.querySelectorAll("[data-leave-script]").forEach(function (x) {
      x.hidden = false;
    });
    byShift(control);
  });

  // Shift pressed three times, alone, within five seconds.
  function byShift(control) {
    var said = document.getElementById("leave-said");
    var turn = document.getElementById("leave-shift");
    var presses = 0;
    var alone = false;
    var forget;

    function say(words) {
      if (said) said.textContent = words;
    }

    function show() {
      if (!turn) return;
      turn.textContent = recall(QUIET) ? "Turn the Shift key on again" : "Turn the Shift key off in this tab";
    }

    function reset() {
      presses = 0;
      clearTimeout(forget);
    }

    addEventListener("keydown", function (e) {
      alone = e.key === "Shift" && !e.ctrlKey && !e.altKey && !e.metaKey;
      if (!alone) reset();
    });
    addEventListener("pointerdown", function () {
      alone = false;
      reset();
    });
    addEventListener("keyup", function (e) {
      if (e.key !== "Shift" || !alone || recall(QUIET)) return;
      alone = false;
      presses += 1;
      if (presses === 3) {
        leave(control.href);
        return;
      }
      say(presses === 1 ? "Press Shift two more times to leave this page." : "Press Shift once more to leave this page.");
      clearTimeout(forget);
      forget = setTimeout(function () {
        if (presses) say("You have stayed on this page.");
        reset();
      }, 5000);
    });
    if (turn) {
      turn.addEventListener("click", function () {
        remember(QUIET, recall(QUIET) ? "" : "yes");
        show();
        say(recall(QUIET) ? "The Shift key does nothing now." : "Shift pressed three times leaves the page again.");
      });
    }
    show();
  }
})();
