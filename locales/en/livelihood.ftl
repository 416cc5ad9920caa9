# Help to make a living.
livelihood-empty = No help is written down yet.
livelihood-kind = Kind of help
livelihood-what = What
livelihood-what-hint = For example: 20 chickens.
livelihood-state = How far it has come
livelihood-promised-on = Promised on
livelihood-given-on = Given on
livelihood-given-on-hint = (when given; empty: today)
livelihood-promised = Promised on { $x }
livelihood-given = Given on { $x }
livelihood-vnd = Worth in đồng
livelihood-vnd-hint = For example: 1.250.000 or 1,5 triệu.
livelihood-fund = Fund
livelihood-from-fund = from { $x }
livelihood-change = Update
