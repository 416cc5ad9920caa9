# Who may not know a person, or who alone may.
restrictions-title = Who may not see
restrictions-intro = Whoever is kept out sees this person nowhere: no list, search, count, mail or file. An officer in charge and a head who can see her must always be left.
restrictions-none = No restriction
restrictions-none-note = The person is seen by assignment and referral, as usual.
restrictions-new = Add a restriction
restrictions-kind = How
restrictions-users-hint = Choose one or more. A head may shut herself out, for example from a relative, while another head can see the person.
restrictions-reason = Why
restrictions-reason-hint = The heads and the officer in charge can read this.
restrictions-save = Restrict
restrictions-in-force = In force
restrictions-over = Ended
restrictions-ended = ended { $x }
restrictions-end = End the restriction
restrictions-end-note = Those who were kept out see the person again, by assignment and by what they may.
restrictions-end-reason = Why it ends
