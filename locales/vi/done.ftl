# Thanks after something was done: `done-` and the word, one key a line.
done-follow-up-completed = Đã ghi là xong.
done-follow-up-postponed = Đã hoãn sang ngày mới.
done-task-added = Đã thêm việc.
done-staff-added = Đã thêm người dùng. Mật khẩu được cấp phải đổi ở lần đăng nhập đầu.
done-staff-disabled = Đã khóa tài khoản; các hồ sơ người ấy phụ trách chuyển thành chưa phân công.
done-staff-enabled = Đã mở lại tài khoản.
done-visit-logged = Đã lưu lần thăm.
done-visit-withdrawn = Đã rút lại lần thăm.
done-rule-changed = Đã đổi quy tắc; các hạn sẽ được tính lại.
done-day-set = Đã đặt ngày trong lịch làm việc.
done-calendar-ended = Địa chỉ lịch đã ngừng.
done-digest-rhythm = Đã đổi nhịp gửi bản tin.
done-mail-retried = Thư sẽ được gửi lại.
# cases
done-case-opened = Đã mở hồ sơ.
done-case-corrected = Đã lưu thông tin.
done-step-taken = Đã ghi bước này.
done-case-closed = Hồ sơ đã kết thúc.
done-case-classified = Đã lưu phân loại.
done-parts-edited = Đã lưu thông tin hạn chế.
done-case-assigned = Đã giao hồ sơ.
done-cover-added = Đã ghi người làm thay.
done-case-referred = Đã giới thiệu.
done-referral-ended = Phiếu giới thiệu đã kết thúc.
done-relative-added = Đã thêm người thân.
done-relative-ended = Đã bỏ khỏi danh sách.
done-help-logged = Đã ghi hỗ trợ.
done-help-changed = Đã cập nhật hỗ trợ.
# reviews
done-review-begun = Đã bắt đầu rà soát.
done-review-judged = Đã ghi kết luận.
done-review-signed = Đã ký xác nhận rà soát.
