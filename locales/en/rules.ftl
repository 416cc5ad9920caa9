rules-title = Rules and working calendar
rules-intro = These rules decide what is due on which day. Those who work by them may read them; the administrator sets them.
rules-refused = Not saved yet
rules-follow-ups = Terms
rules-rule = Rule
rules-amount = Amount
rules-from = In force from
rules-basis = Basis
rules-office-setting = Office setting
rules-days-of = Days off and days worked in exchange, { $x }
rules-day = Day
rules-kind = Kind
rules-kind-off = Day off
rules-kind-swap = Worked in exchange
rules-kind-work = Ordinary day
rules-name = Name
rules-name-vi = Name in Vietnamese
rules-name-en = Name in English
rules-change = Change a rule
rules-set-day = Set a day
rules-decision = Number of the decision
rules-basis-hint = Leave empty for an office setting.
rules-save = Save
rules-unit-working-days = { $n } { $n ->
    [one] working day
   *[other] working days
}
rules-unit-days = { $n } { $n ->
    [one] day
   *[other] days
}
rules-unit-months = { $n } { $n ->
    [one] month
   *[other] months
}
rules-unit-times = { $n } { $n ->
    [one] time
   *[other] times
}
rules-unit-percent = { $n } %
rules-unit-part = one part in { $n }
rules-unit-mb = { $n } MB
rules-unit-hour = { $n } o’clock
rules-unit-day-of-month = day { $n } of the month
rules-calendar-intro = The working calendar: which days are off.
