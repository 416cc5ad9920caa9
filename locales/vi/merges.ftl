# Two records of one person become one.
merges-title = Ghép thành một người
merges-intro = Các hồ sơ của hai bên thuộc về một người; hồ sơ, cán bộ và xã phụ trách không đổi. Chọn thông tin giữ lại ở từng mục. Tách lại được trong một thời gian.
merges-kept = người có trước
merges-newer = người mới ghi
merges-keeper = Thông tin của người có trước được giữ. Cấp tỉnh không xem thông tin của hai bên.
merges-go = Ghép
merges-undo = Tách lại
merges-undo-hint = Mọi thứ trở lại như trước khi ghép.
