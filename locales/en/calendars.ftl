# The calendar on one's own phone.
calendars-name = Tasks
calendars-title = Calendar on your phone
calendars-what = Puts your open tasks into the calendar of your phone or computer: the day, the case code, and no more. What is overdue stands on today.
calendars-secret = The calendar holds no name, reason or note. Whoever has the address can read it: do not pass it on. It ends at once when you change your password or drop the address.
calendars-address = Address of the calendar
calendars-once = Copy it to "Add calendar by URL" in your calendar. It is shown this once only.
calendars-since = There since
calendars-seen = Last fetched
calendars-until = Works until
calendars-none = There is no address yet.
calendars-start = Make an address
calendars-renew = Make a new address, drop the old one
calendars-end = Drop the address
calendars-visit = Visit
calendars-task = Task
