# The sets of questions about needs.
questions-title = Questions about needs
questions-intro = Each set is asked from its first day on. Old answers can always be read with the question as it was asked then.
questions-sets = Sets of questions
questions-version = Set { $x }
questions-from = Asked from { $x }
questions-count = { $n ->
    [one] one question
   *[other] { $n } questions
}
questions-in-force = Asked today
questions-asks = Question
questions-area = Area
questions-kind = How it is answered
questions-new = A new set
questions-new-hint = It begins with the newest set. A row with neither text is asked no longer. The old set stays as it is.
questions-first-day = Asked from
questions-row = Question { $x }
questions-vi = In Vietnamese
questions-en = In English
questions-word = Its word (small letters, underscores)
questions-save = Save the set
