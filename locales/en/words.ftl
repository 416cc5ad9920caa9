# Words of the office that stand in lists, forms and reports. One key a line.
regime-completed = Completed a prison sentence
regime-amnestied = Amnestied
regime-conditional_release = Conditionally released
regime-suspended_sentence = Suspended sentence
regime-non_custodial_reform = Non-custodial reform
regime-post_sentence_supervision = Supervision or residence ban after the sentence
regime-postponed = Postponed or suspended execution
regime-support = Support by the person’s own wish

case-status-noticed = Noticed ahead
case-status-active = Active
case-status-suspended = Suspended
case-status-closed = Closed
case-status-sealed = Sealed

closure-ground-record_cleared = Record cleared
closure-ground-moved = Moved away
closure-ground-died = Died
closure-ground-new_sentence = New sentence
closure-ground-served = Served
closure-ground-not_come = Did not come to live here
closure-ground-other = Another reason

address-found-right = The address is right
address-found-elsewhere = Lives elsewhere
address-found-not_coming = Will not come here

identity-kind-citizen = Citizen card (12 digits)
identity-kind-old_card = Old card (9 digits)
identity-kind-passport = Passport
identity-kind-none = No paper yet

group-A = Group A
group-B = Group B
group-C = Group C
group-D = Group D

visit-kind-home = At home
visit-kind-office = At the office
visit-kind-elsewhere = Elsewhere
visit-kind-telephone = By telephone
visit-kind-family = Met the family

follow-up-kind-contact = Regular visit
follow-up-kind-address_check = Check of the address
follow-up-kind-reception = Reception
follow-up-kind-assign_helper = Assigning a helper
follow-up-kind-assessment = Assessment and classification
follow-up-kind-task = Task
follow-up-kind-partner_task = Task agreed with an organisation
follow-up-kind-clearance_review = Review of clearance

purpose-livelihood = Livelihood
purpose-training = Learning a trade
purpose-loan = Loan
purpose-papers = Papers
purpose-family = Family
purpose-health = Health
purpose-counselling = Counselling
purpose-legal = Legal aid
purpose-children = Care for the children
purpose-other = Something else

help-kind-training = Training
help-kind-job = Job
help-kind-loan = Loan
help-kind-grant = Grant
help-kind-tools = Tools
help-kind-animals = Animals
help-kind-land = Land
help-kind-papers = Papers
help-kind-gift = Gift
help-kind-other = Other help

help-state-promised = Promised
help-state-approved = Approved
help-state-given = Given
help-state-cancelled = Cancelled

precision-day = Day, month and year
precision-month = Month and year only
precision-year = Year only

sex-male = Man
sex-female = Woman

role-officer = Officer
role-supervisor = Head of the commune police
role-province = Provincial police
role-council = People’s Committee
role-partner = Helper of an organisation
role-lender = Bank for Social Policies
role-admin = Administrator
role-inspector = Inspector
role-system = The program

weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday

late-today = Today
late-days =
    { $n ->
        [one] { $n } day late
       *[other] { $n } days late
    }

restriction-kind-exclusion = These may not see
restriction-kind-only = Only these may see
emergency-kind-life_in_danger = Life in danger
emergency-kind-health = Medical emergency
emergency-kind-missing = Missing
emergency-kind-violence = Violence
emergency-kind-on_duty = On duty, the officer in charge cannot be reached
emergency-kind-other = Something else that cannot wait
# Forms.
form-errors =
    { $n ->
        [one] One thing needs mending
       *[other] { $n } things need mending
    }
form-optional = (optional)
form-quick = Quick choice
form-days = { $n } days
form-cancel = Cancel
form-choose = Choose
form-crumbs = Where you are
form-error-title = Error:
form-more = Show more
form-pages = Pages

# What fields are called in the list of what is wrong with a form.
field-on = Day
field-kind = Where
field-met = Result
field-note = Note
field-shared_note = Note for the helpers
field-next_on = Next visit
field-reason = Reason
field-to_on = To which day
field-what = What is to be done
field-due_on = By when
field-organisation = Organisation
field-name = Name
field-username = Sign-in name
field-role = Role
field-email = Mail address
field-password = Password
field-present = Present password
field-fresh = New password
field-code = Case code
field-users = People

penalty-kind-exempted = Exempted from penalty
penalty-kind-measures = Judicial measures
penalty-kind-warning = Warning
penalty-kind-fine = Fine
penalty-kind-non_custodial = Non-custodial reform
penalty-kind-suspended = Prison, suspended
penalty-kind-prison = Prison for a term
penalty-kind-life = Life in prison
penalty-kind-commuted = Death, commuted
duty-kind-probation = Probation of residence
duty-kind-residence_ban = Residence ban
duty-kind-work_ban = Ban from a post or trade
duty-kind-loss_of_rights = Loss of some civil rights
duty-kind-money = Additional fine, confiscation
duty-kind-civil = Compensation, costs, other decisions
gravity-kind-less_serious = Less serious
gravity-kind-serious = Serious
gravity-kind-very_serious = Very serious
gravity-kind-extremely_serious = Extremely serious
age-group-adult = 18 or older
age-group-under_18 = 16 to under 18
age-group-under_16 = 14 to under 16
clearance-paper-certificate = Certificate, judicial record
clearance-paper-decision = Decision of the court
field-address = Address
field-age = Age at the time
field-aliases = Other names
field-basis = Basis
field-basis_ref = Number of the decision, or where the consent is kept
field-birth = Birth date
field-certificate_no = Certificate number
field-certificate_on = Certificate date
field-committed_on = Day of the crime
field-consent = Where the consent is recorded
field-convicted_on = Day of the judgment
field-court = Court
field-cover = Who stands in
field-ethnicity = Ethnicity
field-from_on = First day
field-fund = Fund
field-given_on = Given on
field-gravity = How grave
field-ground = Ground
field-hamlet = Hamlet
field-id_number = Identity number
field-intentional = On purpose or not
field-months = Months of prison
field-needs = What they need
field-noticed_on = Notice received on
field-offence = Offence
field-officer = Officer
field-paper = Paper
field-paper_no = Number of the paper
field-paper_on = Date of the paper
field-penalty = Penalty
field-phone = Telephone
field-phone_of = Whose telephone
field-present_by_on = To present by, as written
field-promised_on = Promised on
field-purpose = Purpose
field-received_on = Received on
field-refused_first_on = First refused on
field-refused_last_on = Last refused on
field-regime = Regime
field-relation = Relation
field-released_on = Released on
field-religion = Religion
field-review_on = To be reviewed on
field-sentenced_on = Sentenced on
field-served_on = End of the penalty, or of the probation
field-sex = Sex
field-since_on = Since
field-source = Who gave notice
field-state = How far it has come
field-visit_safely = How to visit safely
field-vnd = Worth in đồng
field-wishes = Wishes about contact
field-years = Years of prison
need-area-papers = Papers and residence
need-area-home = Home
need-area-work = Work and training
need-area-money = Money and loans
need-area-health = Health
need-area-family = Family
need-area-law = Law
need-area-confidence = Confidence
need-level-none = No help needed
need-level-some = Help needed
need-level-urgent = Help needed at once
plan-owner-officer = Officer in charge
plan-owner-helper = Helping organisation
plan-owner-person = The person
plan-owner-relative = A relative
plan-state-draft = Being written
plan-state-submitted = Handed in
plan-state-approved = Approved
plan-state-returned = Returned to be changed
plan-state-replaced = Replaced
agreement-how-signed = signed
agreement-how-spoken = face to face
agreement-how-telephone = by telephone

# Backups
backup-kind-made = Backup
backup-kind-drill = Trial by the program
backup-kind-holder = Trial by the key holder
backup-kind-restored = Put back
backup-why-none = All well
backup-why-place = No room, or no right to write
backup-why-program = A program of the database did not run
backup-why-file = A file was changed or does not open
backup-why-damaged = The data are broken
backup-why-differs = Not all that there was
backup-why-trail = The trail is not as it was
backup-why-keys = Keys do not open it
help-sum-person = Person
help-sum-fund = Fund
help-sum-organisation = Organisation
help-sum-kind = Kind
help-sum-month = Month
fund-kind-policy_credit = State credit
fund-kind-local = Local fund
fund-kind-organisation = An organisation’s
fund-kind-donation = Donors, businesses
fund-kind-other = Other
loan-purpose-training = Training
loan-purpose-business = Production, business, work
loan-list-state-draft = Being drawn up
loan-list-state-signed = Waits for the People’s Committee
loan-list-state-returned = Returned by the People’s Committee
loan-list-state-confirmed = Confirmed
loan-list-state-sent = Sent to the bank
loan-list-state-answered = The bank has answered
loan-answer-granted = Granted
loan-answer-refused = Not granted
loan-standing-current = Paid back on time
loan-standing-overdue = Overdue
loan-standing-repaid = Paid back
field-fund_id = Fund
field-check = Question
field-at_work = At work
field-receipt = Receipt
