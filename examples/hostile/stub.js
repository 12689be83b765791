window.waymark = window.waymark || function () { (waymark.q = waymark.q || []).push(arguments); };

// The page's own dialog opens when it is whole: painted while its text is still being read, it would move by itself.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelector("dialog").open = true;
});
