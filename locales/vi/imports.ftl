# Nhập danh sách: words of the import, on the command line and in its file of refused rows.
imports-line = Dòng { $n }
imports-fate-opens = mở hồ sơ mới
imports-fate-there = đã nhập trước đây, không nhập lại
imports-fate-refused = chưa nhập được
imports-ignored = Cột không dùng: { $x }
imports-passed-over = Dòng không phải của một người, bỏ qua: { $x }
imports-opened = Đã mở { $n } hồ sơ.
imports-would-open = Xem trước: sẽ mở { $n } hồ sơ. Chưa ghi gì.
imports-opened-none = Không có hồ sơ nào được mở.
imports-unassigned = Trong đó chưa phân công: { $n }.
imports-there = Đã nhập trước đây: { $n } dòng.
imports-refused = Chưa nhập được: { $n } dòng.
imports-kept = Các dòng chưa nhập được ở tệp { $x }. Sửa xong thì nhập lại tệp đó.

imports-note-unassigned = Chưa phân công
imports-note-officer-unknown = không có cán bộ với tên đăng nhập “{ $value }” đang làm việc ở xã: Chưa phân công
imports-note-nought-given-back = đã thêm lại số 0 ở đầu
imports-note-old-mobile = đã đổi sang đầu số mới: { $value }
imports-note-sex-mismatch = số định danh không khớp giới tính
imports-note-year-mismatch = số định danh không khớp năm sinh
imports-note-unknown-province = số định danh có mã tỉnh lạ
imports-some-refused = Có dòng chưa nhập được.

# The pages.
imports-title = Nhập danh sách
imports-file-refused = Chưa đọc được danh sách
imports-choose-file = Chọn tệp CSV
imports-paste = Hoặc chép các ô trong Excel rồi dán vào đây
imports-paste-hint = Cần dòng tiêu đề cột, ít nhất “Họ và tên” và “Diện”. Chưa ghi gì khi xem trước.
imports-preview = Xem trước
imports-leave = Thôi
imports-result = Kết quả nhập
imports-nothing-new = Không có hồ sơ mới để mở.
imports-confirm = Mở { $n } hồ sơ
imports-again = Nhập danh sách khác
imports-to-cases = Tới danh sách hồ sơ
imports-mend = { $n } dòng chưa nhập được
imports-mend-here = Sửa tại đây rồi xem trước lại; các dòng đã nhập không cần gửi lại.
imports-rows = Từng dòng của danh sách
imports-row-line = Dòng
imports-row-name = Họ và tên
imports-row-fate = Kết quả
imports-row-why = Lý do, lưu ý
imports-more = … và { $n } dòng nữa.
