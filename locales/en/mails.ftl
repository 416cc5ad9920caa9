mails-title = Undelivered mail
mails-intro = Refused by the mail server, or tried too often. The text of a mail is not shown here.
mails-none = Everything has gone out.
mails-tries = { $n ->
    [one] Tried once
   *[other] Tried { $n } times
}
mails-retry = Send again
mails-more = Older
mails-reminder-subject = [Đường Về] { $n } to do today
mails-reminder-greeting = Good morning,
mails-reminder-overdue = Overdue: { $n }
mails-reminder-today = Due today: { $n }
mails-reminder-upcoming = Due within 14 days: { $n }
mails-reminder-link = All of it, after signing in:
