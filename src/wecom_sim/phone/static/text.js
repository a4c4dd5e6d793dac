// Words of the phone, Chinese first.

const ZH = {
  phone: "模拟手机", offline: "连不上模拟器，正在重试", failed: "没有成功，请再试一次", back: "返回", more: "更多", new_message: "新消息",
  home_lead: "选一个人，拿起他的手机。", home_customers: "客户", home_total: "共 {n} 位", home_search: "按昵称、备注、手机号找客户",
  home_new: "新客户", home_new_go: "拿起手机", home_staff: "员工", home_empty: "这家企业还没有人。可以填入演示品牌：3 家店、12 位店员、20,000 位客户。", home_seed: "填入演示品牌", nickname: "昵称", nickname_missing: "先给新客户起个昵称",
  female: "女", male: "男", unknown: "不详", nobody: "没有找到这样的客户", friends_n: "{n} 位店员好友", no_friends: "还没有加店员",
  waiting_n: "{n} 条待发", chats: "聊天", scan: "扫一扫", me: "我", switch_person: "换个人",
  no_chats: "还没有聊天。扫一个活码，加一位店员。", go_scan: "去扫一扫", sim_customer: "模拟手机，客户{name}", sim_scanned: "，扫了「{code}」",
  sim_staff: "模拟手机，员工{name}", sim_staff_store: "模拟手机，员工{name}，{store}", added_customer: "你已添加{name}，现在可以开始聊天了", added_staff: "{name}已添加你为好友，现在可以开始聊天了",
  requested_customer: "好友申请已发出，等{name}通过", requested_staff: "{name}请求添加你为好友", accepted_customer: "{name}已通过你的好友申请",
  accepted_staff: "你已确认添加{name}", type_here: "说点什么", send: "发送", delete_friend: "删除联系人", delete_title: "删除{name}？",
  delete_text_customer: "删除后你不再收到对方的消息，对方不会得到通知。", delete_text_staff: "删除后对方仍在自己的列表里看到你，你不再收到对方的消息。",
  delete_yes: "删除", cancel: "不删", contact_info: "联系人",
  status_friend: "好友", status_half: "对方还没确认", status_requested: "等待通过", status_customer_deleted: "客户已删除你", status_staff_deleted: "对方已删除你",
  status_both_deleted: "已互删", chat_refused: "消息已发出，但被对方拒收了。", image: "[图片]", link: "[链接]", miniprogram: "[小程序]", video: "[视频]", file: "[文件]",
  miniprogram_word: "小程序", picture: "图片", open_link: "粘贴活码的链接", open: "打开", no_codes: "还没有活码。先在控制台建一个。",
  codes: "可以扫的活码", code_unnamed: "没有备注的活码", members: "接待：{names}", scan_title: "加好友", scan_as: "用谁的微信扫", scan_now: "添加",
  scan_verify: "对方通过后成为好友", scan_direct: "扫码后直接成为好友", scan_current: "现在这位", scan_new: "新客户", scan_other: "换一位", scan_gone: "这个码不存在，或已被删除。",
  tasks: "群发", no_tasks: "没有群发任务。", task_waiting: "待发送", task_done: "已发送", task_cancelled: "已取消", task_customers: "发给 {n} 位客户",
  task_to: "发给", task_and: "{names} 等 {n} 位客户", task_confirm: "确认发送", task_confirming: "正在发送", task_result: "发送结果", task_sent: "已送达", task_not_friend: "已不是好友",
  task_over_cap: "超过接收上限", task_preview: "内容", task_at: "企业于 {time} 下发", task_reminded: "已催 {n} 次", requests: "新客户", no_requests: "没有等你确认的客户。", accept: "通过",
  accept_half: "确认", search_friends: "找客户", staff_friends: "{n} 位客户", no_staff: "这位员工不在职，或不存在。", no_customer: "没有这位客户。",
  task_groups: "发到 {n} 个群", task_and_groups: "{names} 等 {n} 个群", task_group_gone: "群已不在", code_groups: "客户群：{names}", join_title: "加入群聊", join_now: "加入",
  join_direct: "扫码后直接进群", join_done: "已进群。", join_already: "已经在群里。", error_group_full: "这个码后面的群都满了。",
  transfer_to: "{takeover}将接替{handover}为你服务", transfer_at: "{time} 自动生效", transfer_refuse: "拒绝", transfer_refused: "已拒绝，原来的店员不变", error_no_transfer: "这次更换已经结束。",
  error_not_friends: "消息已发出，但被对方拒收了。", error_no_such_code: "这个链接里没有可用的活码。", error_nobody_available: "这个码后面暂时没有人能接待。",
  error_task_cancelled: "这条群发已被企业取消。", error_task_done: "这条群发已经发过了。", error_no_such_customer: "没有这位客户。", error_no_such_staff: "这位员工不在职，或不存在。",
  messages: "消息", customers: "客户", to_send: "待发", apps: "应用", moments: "朋友圈", groups_n: "{n} 个客户群", new_moment: "有新的朋友圈", send_message: "发消息", save: "保存", close: "取消", done: "完成", next: "下一步", comma: "，", and_list: "、", unset: "未填写",
  video_word: "视频", file_word: "文件", voice_word: "语音", location_word: "位置", card_word: "名片", link_word: "链接", voice: "[语音]", location: "[位置]", business_card: "[名片]", ca_link: "[链接]", msgmenu: "[菜单]", event: "[事件]",
  textcard: "[卡片]", news: "[图文]", mpnews: "[图文]", miniprogram_notice: "[小程序]", interactive_taskcard: "[卡片]", template_card: "[卡片]", moment_done: "已发表", moment_waiting: "待发表",
  dull: "不感兴趣", dull_done: "已标为不感兴趣", dull_title: "对{name}的内容不感兴趣？", dull_text: "只记在模拟器的账本里：对方不知道，群发仍会收到。", dull_yes: "不感兴趣", dull_no: "取消",
  group_info: "群聊信息", group_members: "{n} 位成员", group_all: "查看全部 {n} 位", group_name: "群名称", group_notice: "群公告", group_no_notice: "没有公告", group_notice_is: "群公告：{notice}", group_rename: "修改群名", group_nickname: "我在本群的昵称", group_owner: "群主", group_admin: "管理员",
  group_invite: "邀请客户", group_colleagues: "邀请同事", group_remove: "移出成员", group_remove_yes: "移出", group_hand_over: "转让给谁", group_no_colleague: "群里没有别的同事。", group_quit: "退出群聊", group_quit_title: "退出「{name}」？", group_quit_text: "退出后不再收到这个群的消息。", group_dismiss: "解散群聊", group_dismiss_title: "解散「{name}」？", group_dismiss_text: "解散后不能恢复，所有人都会退出。",
  group_new: "新建客户群", group_make: "建群", group_unnamed: "群聊", group_letter: "群", group_word: "客户群", wechat_word: "微信", kf_word: "客服", app_word: "应用", search_groups: "找群", join_open: "打开群聊",
  kf_account: "微信客服", kf_now: "咨询", kf_direct: "扫码后直接咨询", kf_hello: "可以开始咨询", kf_waiting: "等待接入", kf_refuse: "不再接收消息", kf_accept: "重新接收消息", kf_refuse_text: "不再接收后，客服发来的消息会被拒收，企业会知道。", kf_take: "接入", kf_end: "结束会话",
  kf_state_0: "新咨询，还没有人处理", kf_state_1: "由智能助手接待", kf_state_2: "排队中，等待接入", kf_state_3: "{name}正在接待", kf_state_4: "会话已结束",
  kf_session_status_change_1: "{name}接入会话", kf_session_status_change_2: "会话转给{name}", kf_session_status_change_3: "会话已结束", kf_session_status_change_4: "{name}重新接入会话", kf_user_recall_msg: "撤回了一条消息", kf_servicer_recall_msg: "撤回了一条消息",
  no_moments: "还没有朋友圈。店员发表后会出现在这里。", no_moment_tasks: "没有要发表的朋友圈。", like: "赞", liked: "已赞", comment: "评论", moment_new: "发朋友圈", moment_publish: "发表", moment_confirm: "确认发表", moment_delete: "删除", moment_of_company: "企业下发，待你发表", moment_seen: "{n} 位客户可见，{likes} 赞，{comments} 评论", moment_tags: "仅标签可见：{names}",
  scan_picture: "选一张二维码图片", code_kf: "微信客服", code_link: "获客链接", error_no_decoder: "这里不能识别图片里的码，请改用粘贴链接。", error_no_picture: "这不是能打开的图片。", error_no_code_found: "这张图片里没有二维码。",
  task_choose: "选择客户", task_choose_groups: "选择群", choose_all: "全选", no_apps: "没有你能用的应用。", app_silent: "还没有消息。", app_note: "应用发给你的消息，写给它的话会送到它的回调。", app_told: "已送到应用的回调。", app_home: "打开应用主页", card_answered: "已提交",
  customer_card: "客户资料", remark: "备注", description: "描述", tags: "标签", no_tags: "企业还没有标签。", mobiles: "手机号", added_at: "添加时间", source: "来源", groups_in: "所在群", other_staff: "也加了",
  sample_app: "示例页", frame_note: "应用页面，来自 {origin}", frame_sent: "已发到聊天。", frame_blocked: "这个页面不能打开，请重新打开手机。", sample_lead: "应用在聊天旁打开的页面。点一项，看 JS-SDK 的回答。", sample_wrong: "用错误的签名再试", sample_answer: "回答", sample_calls: "接口",
  sample_link: "冬天的桌面", sample_link_desc: "五件小东西", sample_text: "周三会员日，到店有礼。", sample_mini: "会员中心", sample_media: "图片的 media_id",
  error_not_owner: "你不是群主。", error_not_admin: "只有群主和管理员可以。", error_owner_stays: "群主要先转让或解散。", error_not_serving: "这位客户现在不由你接待。", error_nothing_to_take: "这位客户没有在排队。", error_card_answered: "这张卡片已经提交过。", error_card_closed: "这张卡片已经结束。", error_bad_choice: "请按卡片的要求选择。", error_intercepted: "含有敏感词，消息没有发出。", error_liked_before: "已经赞过了。", error_no_customer_contact: "没有开通客户联系。", error_said_before: "已经标过了。",
};

const EN = {
  phone: "Simulated phone", offline: "The simulator can't be reached, trying again", failed: "That did not work, try again", back: "Back", more: "More", new_message: "New message",
  home_lead: "Choose a person and hold their phone.", home_customers: "Customers", home_total: "{n} in all", home_search: "Name, remark or mobile",
  home_new: "New customer", home_new_go: "Hold the phone", home_staff: "Staff", home_empty: "This company has nobody yet. Fill in the demo brand: 3 stores, 12 staff, 20,000 customers.", home_seed: "Fill in the demo brand", nickname: "Nickname", nickname_missing: "Give the new customer a nickname first",
  female: "Female", male: "Male", unknown: "Unknown", nobody: "No such customer", friends_n: "{n} staff friend{s}", no_friends: "No staff friends yet",
  waiting_n: "{n} to send", chats: "Chats", scan: "Scan", me: "Me", switch_person: "Switch",
  no_chats: "No chats yet. Scan a live code to add a member of staff.", go_scan: "Scan a code", sim_customer: "Simulated phone, customer {name}", sim_scanned: ", scanned “{code}”",
  sim_staff: "Simulated phone, staff {name}", sim_staff_store: "Simulated phone, staff {name}, {store}", added_customer: "You added {name}. Say hello", added_staff: "{name} added you. Say hello",
  requested_customer: "Request sent, waiting for {name}", requested_staff: "{name} asks to add you", accepted_customer: "{name} accepted your request",
  accepted_staff: "You confirmed {name}", type_here: "Write something", send: "Send", delete_friend: "Delete contact", delete_title: "Delete {name}?",
  delete_text_customer: "You will no longer receive their messages. They are not told.", delete_text_staff: "They still see you in their list. You no longer receive their messages.",
  delete_yes: "Delete", cancel: "Keep", contact_info: "Contact",
  status_friend: "Friends", status_half: "Not confirmed yet", status_requested: "Waiting", status_customer_deleted: "The customer deleted you", status_staff_deleted: "They deleted you",
  status_both_deleted: "Both deleted", chat_refused: "Sent, but refused by the other side.", image: "[Picture]", link: "[Link]", miniprogram: "[Mini-program]", video: "[Video]", file: "[File]",
  miniprogram_word: "Mini-program", picture: "Picture", open_link: "Paste a live code's link", open: "Open", no_codes: "No live codes yet. Make one in the console.",
  codes: "Live codes to scan", code_unnamed: "Live code without a remark", members: "Staff: {names}", scan_title: "Add a friend", scan_as: "Whose WeChat scans", scan_now: "Add",
  scan_verify: "Friends once they accept", scan_direct: "Friends at once after the scan", scan_current: "This person", scan_new: "New customer", scan_other: "Somebody else", scan_gone: "This code does not exist, or was deleted.",
  tasks: "Broadcasts", no_tasks: "No broadcast tasks.", task_waiting: "To send", task_done: "Sent", task_cancelled: "Cancelled", task_customers: "To {n} customer{s}",
  task_to: "To", task_and: "{names} and others, {n} customers", task_confirm: "Confirm and send", task_confirming: "Sending", task_result: "Result", task_sent: "Delivered", task_not_friend: "No longer friends",
  task_over_cap: "Over the receive cap", task_preview: "Content", task_at: "From the company, {time}", task_reminded: "Reminded {n} time{s}", requests: "New customers", no_requests: "Nobody waits for you.", accept: "Accept",
  accept_half: "Confirm", search_friends: "Find a customer", staff_friends: "{n} customer{s}", no_staff: "This member has left or does not exist.", no_customer: "There is no such customer.",
  task_groups: "To {n} group{s}", task_and_groups: "{names} and others, {n} group{s}", task_group_gone: "Group is gone", code_groups: "Groups: {names}", join_title: "Join a group", join_now: "Join",
  join_direct: "In the group at once after the scan", join_done: "You are in the group.", join_already: "You are in the group already.", error_group_full: "All groups behind this code are full.",
  transfer_to: "{takeover} will take over from {handover}", transfer_at: "From {time} by itself", transfer_refuse: "Decline", transfer_refused: "Declined, your contact stays", error_no_transfer: "This change is over.",
  error_not_friends: "Sent, but refused by the other side.", error_no_such_code: "There is no live code in this link.", error_nobody_available: "Nobody behind this code can take a customer now.",
  error_task_cancelled: "The company cancelled this broadcast.", error_task_done: "This broadcast was sent before.", error_no_such_customer: "There is no such customer.", error_no_such_staff: "This member has left or does not exist.",
  messages: "Messages", customers: "Customers", to_send: "To send", apps: "Apps", moments: "Moments", groups_n: "{n} group{s}", new_moment: "New moment", send_message: "Message", save: "Save", close: "Cancel", done: "Done", next: "Next", comma: ", ", and_list: ", ", unset: "Not set",
  video_word: "Video", file_word: "File", voice_word: "Voice message", location_word: "Place", card_word: "Contact card", link_word: "Link", voice: "[Voice]", location: "[Place]", business_card: "[Contact card]", ca_link: "[Link]", msgmenu: "[Menu]", event: "[Event]",
  textcard: "[Card]", news: "[Articles]", mpnews: "[Articles]", miniprogram_notice: "[Mini-program]", interactive_taskcard: "[Card]", template_card: "[Card]", moment_done: "Published", moment_waiting: "To publish",
  dull: "I'm not interested", dull_done: "Marked as not interested", dull_title: "Not interested in {name}?", dull_text: "Only the simulator's ledger knows: they are not told, and broadcasts still arrive.", dull_yes: "Not interested", dull_no: "Cancel",
  group_info: "Group", group_members: "{n} member{s}", group_all: "Show all {n}", group_name: "Group name", group_notice: "Notice", group_no_notice: "None", group_notice_is: "Notice: {notice}", group_rename: "Rename the group", group_nickname: "My name here", group_owner: "Owner", group_admin: "Admin",
  group_invite: "Add customers", group_colleagues: "Add colleagues", group_remove: "Remove people", group_remove_yes: "Remove", group_hand_over: "Hand the group to", group_no_colleague: "No other colleague is in this group.", group_quit: "Leave the group", group_quit_title: "Leave “{name}”?", group_quit_text: "You will no longer receive its messages.", group_dismiss: "Dismiss the group", group_dismiss_title: "Dismiss “{name}”?", group_dismiss_text: "Everybody leaves it. This can't be undone.",
  group_new: "New customer group", group_make: "Create", group_unnamed: "Group", group_letter: "G", group_word: "Group", wechat_word: "WeChat", kf_word: "Service", app_word: "App", search_groups: "Find a group", join_open: "Open the group",
  kf_account: "Customer service", kf_now: "Ask", kf_direct: "A chat opens at once after the scan", kf_hello: "Ask something", kf_waiting: "Waiting", kf_refuse: "Stop its messages", kf_accept: "Take its messages again", kf_refuse_text: "Messages of this account are then refused, and the company hears of it.", kf_take: "Take over", kf_end: "End the session",
  kf_state_0: "New enquiry, nobody has it yet", kf_state_1: "With the assistant", kf_state_2: "Waiting in the queue", kf_state_3: "Served by {name}", kf_state_4: "The session has ended",
  kf_session_status_change_1: "{name} took the session", kf_session_status_change_2: "Handed on to {name}", kf_session_status_change_3: "The session has ended", kf_session_status_change_4: "{name} opened the session again", kf_user_recall_msg: "A message was taken back", kf_servicer_recall_msg: "A message was taken back",
  no_moments: "No moments yet. What staff publish shows up here.", no_moment_tasks: "No moments to publish.", like: "Like", liked: "Liked", comment: "Comment", moment_new: "New moment", moment_publish: "Publish", moment_confirm: "Confirm and publish", moment_delete: "Delete", moment_of_company: "From the company, waits for you", moment_seen: "Seen by {n}, likes {likes}, comments {comments}", moment_tags: "Only for tags: {names}",
  scan_picture: "Choose a picture of a QR code", code_kf: "Customer service", code_link: "Acquisition link", error_no_decoder: "Pictures of codes can't be read here. Paste the link instead.", error_no_picture: "This is no picture that opens.", error_no_code_found: "There is no QR code in this picture.",
  task_choose: "Choose customers", task_choose_groups: "Choose groups", choose_all: "Choose all", no_apps: "No apps for you.", app_silent: "No messages yet.", app_note: "What the app sends you; what you write goes to its callback.", app_told: "Sent to the app's callback.", app_home: "Open the app's page", card_answered: "Submitted",
  customer_card: "Customer", remark: "Remark", description: "Description", tags: "Tags", no_tags: "The company has no tags yet.", mobiles: "Mobile", added_at: "Added", source: "Source", groups_in: "Groups", other_staff: "Also with",
  sample_app: "Sample page", frame_note: "App page, from {origin}", frame_sent: "Sent to the chat.", frame_blocked: "This page can't be opened. Open the phone again.", sample_lead: "A page that an app opens beside a chat. Tap a call to see what the JS-SDK answers.", sample_wrong: "Try a wrong signature", sample_answer: "Answer", sample_calls: "Calls",
  sample_link: "A desk in winter", sample_link_desc: "Five small things", sample_text: "Members' day is Wednesday.", sample_mini: "Member centre", sample_media: "media_id of a picture",
  error_not_owner: "You don't own this group.", error_not_admin: "Only owner and admins can do this.", error_owner_stays: "The owner must hand the group on, or dismiss it.", error_not_serving: "You don't serve this customer now.", error_nothing_to_take: "This customer does not wait.", error_card_answered: "This card was submitted before.", error_card_closed: "This card is closed.", error_bad_choice: "Choose as the card asks.", error_intercepted: "A sensitive word: the message was not sent.", error_liked_before: "Liked before.", error_no_customer_contact: "Customer contact is not switched on.", error_said_before: "Said before.",
};

const words = document.body.dataset.lang === "en" ? EN : ZH;

/** The words of a key, with {names} filled in and {s} for more than one {n}; the key itself where there are none. */
export function t(key, values) {
  const text = words[key] ?? key;
  if (!values) return text;
  const filled = { s: String(values.n) === "1" ? "" : "s", ...values };
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(filled[name] ?? whole));
}

const digits = new Intl.NumberFormat("en-US");
export const number = (n) => digits.format(n);

/** Names one after the other. */
export const listed = (names) => names.join(t("and_list"));
