// By which clock a new member lives, so that nothing wakes them up. Where the browser does not say, it is the brand's.
for (const field of document.getElementsByName("time_zone")) field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
