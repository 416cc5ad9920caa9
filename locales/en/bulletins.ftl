# The weekly counts of the province.
bulletins-title = Weekly counts
bulletins-intro = Once a week, the counts of the communes. No name and no code.
bulletins-none = None yet
bulletins-new = New
bulletins-no-communes = No commune has a case yet.
bulletins-mail-greeting = The week’s counts of the communes:
bulletins-mail-communes = Communes with cases: { $n }
bulletins-mail-cases = Live cases: { $n }
bulletins-mail-overdue = Overdue: { $n }
bulletins-mail-unassigned = Cases that nobody has: { $n }
bulletins-mail-headless = Communes without a head: { $n }
bulletins-mail-unread = Communes that left digests unopened for 7 days: { $n }
bulletins-mail-link = See:
bulletins-mail-subject = Đường Về: week of { $day }
