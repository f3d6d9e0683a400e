// At a desk, where there are keys, the field to fill in has the caret at once. On a phone that would open no
// keyboard, and have all of the page laid out in one go.
if (matchMedia("(min-width: 900px)").matches) document.querySelector("[data-focus]")?.focus();
