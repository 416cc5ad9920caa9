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
layout-nav-overdue = Overdue
layout-nav-cases = Cases
layout-nav-calendar = Calendar
layout-nav-handovers = Handovers
layout-nav-unassigned = Unassigned
layout-nav-referrals = Referrals
layout-nav-digests = Digests
layout-nav-reports = Reports
layout-nav-loans = Loans
layout-nav-gatherings = Gatherings
layout-nav-users = Users
layout-nav-organisations = Organisations
layout-nav-imports = Imports
layout-nav-requests = Requests
layout-nav-log = Log
layout-nav-settings = Settings
layout-nav-account = Account
