# The calendar on one's own phone.
calendars-name = Lịch việc
calendars-title = Lịch trên điện thoại
calendars-what = Đưa các việc đang mở của đồng chí vào ứng dụng lịch của điện thoại hay máy tính: ngày đến hạn, mã hồ sơ, thế thôi. Việc quá hạn nằm ở ngày hôm nay.
calendars-secret = Trong lịch không có họ tên, lý do hay nội dung. Ai có địa chỉ này đều xem được lịch: đừng gửi cho người khác. Đổi mật khẩu hoặc bỏ địa chỉ thì lịch ngừng ngay.
calendars-address = Địa chỉ lịch
calendars-once = Chép vào mục "Thêm lịch bằng URL" của ứng dụng lịch. Địa chỉ chỉ hiện một lần này.
calendars-since = Có từ
calendars-seen = Lần xem gần nhất
calendars-until = Dùng được đến
calendars-none = Chưa có địa chỉ nào.
calendars-start = Tạo địa chỉ
calendars-renew = Tạo địa chỉ mới, bỏ địa chỉ cũ
calendars-end = Bỏ địa chỉ
calendars-visit = Thăm
calendars-task = Việc
