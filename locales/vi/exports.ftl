# Xuất danh sách ra tệp.
exports-sheet = Hồ sơ
exports-file = ho-so
exports-footer = Bản của { $x }, xuất lúc { $time } ngày { $day }, { $n } hồ sơ. Tài liệu có dữ liệu cá nhân, không chuyển tiếp.
exports-column-code = Mã hồ sơ
exports-column-name = Họ và tên
exports-column-birth = Ngày sinh
exports-column-hamlet = Ấp, khóm
exports-column-status = Tình trạng
exports-column-regime = Diện
exports-column-group = Phân loại
exports-column-opened = Ngày mở hồ sơ
exports-column-officer = Cán bộ phụ trách
exports-column-phone = Điện thoại
exports-column-last-contact = Lần gặp gần nhất
exports-column-next-due = Hạn kế tiếp
exports-column-days-late = Số ngày trễ
exports-done = Đã xuất { $n } hồ sơ.
