# The weekly counts of the province.
bulletins-title = Số liệu hằng tuần
bulletins-intro = Mỗi tuần một lần, số liệu của các xã, phường. Không có tên người, không có mã hồ sơ.
bulletins-none = Chưa có bản nào
bulletins-new = Mới
bulletins-no-communes = Chưa có xã, phường nào có hồ sơ.
bulletins-mail-greeting = Số liệu tuần của các xã, phường:
bulletins-mail-communes = Xã, phường có hồ sơ: { $n }
bulletins-mail-cases = Hồ sơ đang quản lý: { $n }
bulletins-mail-overdue = Việc quá hạn: { $n }
bulletins-mail-unassigned = Hồ sơ chưa phân công: { $n }
bulletins-mail-headless = Nơi chưa có người phụ trách: { $n }
bulletins-mail-unread = Nơi bỏ bản tin chưa mở quá 7 ngày: { $n }
bulletins-mail-link = Xem tại:
bulletins-mail-subject = Đường Về: số liệu tuần { $day }
