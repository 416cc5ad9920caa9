# Tệp đính kèm hồ sơ.
attachments-title = Tệp đính kèm
attachments-none = Chưa có tệp nào.
attachments-no-secrets = Không nhập tài liệu thuộc danh mục bí mật nhà nước.
attachments-add = Thêm tệp
attachments-kind = Loại giấy tờ
attachments-file = Tệp
attachments-file-hint = PDF, JPEG, PNG hoặc WebP, tối đa { $n } MB.
attachments-stripped = Vị trí, ngày giờ và máy chụp được xóa khỏi ảnh; tệp PDF giữ nguyên thông tin do phần mềm ghi (tác giả, ngày).
attachments-choose-again = Biểu mẫu không giữ được tệp: hãy chọn lại.
attachments-note = Ghi chú
attachments-no-id-card = Không phải ảnh thẻ căn cước (ảnh thẻ là dữ liệu nhạy cảm và không cần ở đây)
attachments-save = Thêm
attachments-remove = Gỡ tệp
attachments-remove-note = Nội dung tệp bị hủy ngay và không lấy lại được. Dòng ghi vẫn còn kèm lý do.
attachments-remove-yes = Gỡ và hủy
attachments-reason = Lý do
attachments-removed = đã gỡ
