# Help to make a living.
livelihood-empty = Chưa ghi hỗ trợ nào.
livelihood-kind = Loại hỗ trợ
livelihood-what = Hỗ trợ gì
livelihood-what-hint = Ví dụ: 20 con gà giống.
livelihood-state = Đến đâu rồi
livelihood-promised-on = Ngày hứa
livelihood-given-on = Ngày trao
livelihood-given-on-hint = (khi đã trao; để trống là hôm nay)
livelihood-promised = Hứa ngày { $x }
livelihood-given = Trao ngày { $x }
livelihood-vnd = Trị giá
livelihood-vnd-hint = Ví dụ: 1.250.000 hoặc 1,5 triệu.
livelihood-fund = Nguồn
livelihood-from-fund = nguồn: { $x }
livelihood-change = Cập nhật
