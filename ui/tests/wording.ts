/** What is said otherwise in Taiwan: words that a conversion of the script alone leaves behind. */
export const ELSEWHERE = new RegExp(
  [
    // Of the window and its parts.
    '窗口|屏幕|全屏|界面|菜單|標籤頁|列表|對話框|滾動|聯動|高亮|佈局|拆分|版式|讀屏|光標(?!示)',
    // Of what is done in it.
    '回車|快捷鍵|鼠標|撤銷|選中|粘貼|剪貼板|打印|導出|導入(?!門)|添加|新建|搜索|查找|刷新|加載|卸載|退出|聯網',
    '默認|缺省|自定義|重置|幫助|反饋|常規|當前(?!年)|示例|教程|備註|用戶|賬號|許可權|登錄',
    // Of files, programs and machines.
    '文件夾|文本|字體|字號|字符|字節|程序|軟件(?!與)|硬件|內存|硬盤|網絡|服務器|信息|視頻|後臺|崩潰|終端(?!機)|同步盤|批處理',
    '鏈接|導航|腳註|工作簿|自帶|丟失|恢復|型別|質量|[0-9}] 周',
    // Of searching and counting.
    '正則|通配|短語|匹配|似然|識別|摺合',
  ].join('|'),
);
