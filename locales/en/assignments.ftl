# Who is in charge.
assignments-assign = Hand over
assignments-reason = Reason
assignments-keeps = What is overdue stays overdue.
assignments-save = Hand over
assignments-history = History
assignments-none = Unassigned.
assignments-now = now
assignments-cover = Cover during leave
assignments-cover-note = Whoever stands in sees and does all that the absent officer would, first and last day included.
assignments-away = Who is away
assignments-stands-in = Who stands in
assignments-first-day = First day
assignments-last-day = Last day
assignments-covers = Now and to come
