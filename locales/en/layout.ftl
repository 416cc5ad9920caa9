# The frame around every page.
layout-name = Đường Về
layout-tagline = Beside those who come home
layout-skip = Skip to the main content
layout-sign-out = Sign out
layout-nav = Main
layout-nav-more = More
layout-nav-shut = Close
layout-nav-waiting = waiting
layout-other-language = Tiếng Việt
layout-printed = Printed on
layout-shut = Close
layout-keys = Keyboard shortcuts
layout-keys-search = Go to the search box
layout-keys-home = Go to the first page
layout-keys-help = Open this list
layout-keys-on = Use shortcuts on this device

# The names of the places; the server chooses which of them a person gets.
layout-nav-home = Today
layout-nav-overview = Overview
layout-nav-cases = Cases
layout-nav-digests = Digests
layout-nav-users = Users
layout-nav-mails = Undelivered mail
layout-nav-log = Log
layout-nav-rules = Rules
layout-nav-account = Account
layout-nav-emergencies = Emergencies
layout-nav-sealings = Sealed
layout-nav-openings = My openings
layout-nav-readers = Odd readers
layout-nav-review = Review
layout-nav-sums = Help summed up
layout-nav-funds = Funds
layout-nav-loan-lines = Loans
layout-nav-loan-accounts = Lent
layout-nav-loan-lists = Loan lists
