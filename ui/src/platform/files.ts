// Files that the archive in memory can read: one of every kind that people have, with what is wrong
// with such files. The places, people and figures are invented.
import type {
  Block,
  CommandError,
  Format,
  Furniture,
  ImportOutcome,
  Inspection,
  Likeness,
  Metadata,
  Problem,
  Repair,
  TablePreview,
} from '../protocol/protocol';
import { noMetadata } from './platform';
import { SAMPLES, type Sample } from './samples';

export interface FileInMemory {
  path: string;
  /** The member of a packed file. */
  inside?: string;
  bytes: number;
  format: Format | null;
  encoding?: string;
  known?: Partial<Metadata>;
  /**
   * Lines of text. `# ` and `## ` begin headings, `| ` a row of a table, `~ ` a byline. `{kind|was|is}` is a repair,
   * `[[code|words]]` a place with a problem, and a line `> reason|words` was set aside.
   */
  body?: string;
  /** Problems without a place. */
  problems?: string[];
  /** The title of the report that it is nearly the same as. */
  near?: { title: string; likeness: number; same?: Likeness };
  password?: string;
  /** What it comes to by itself, where that is not a report. */
  outcome?: ImportOutcome;
  error?: Pick<CommandError, 'code' | 'message'>;
  /** Its rows, the names of the columns first. */
  table?: Omit<TablePreview, 'path' | 'header' | 'columns'> & {
    fields: TablePreview['columns'][number]['field'][];
  };
}

const points = (text: string) => Array.from(text).length;

/** What is found in a file's text. */
export function found(file: FileInMemory): Omit<Inspection, 'near'> {
  const repairs: Repair[] = [];
  const problems: Problem[] = (file.problems ?? []).map((code) => ({ code, message: code }));
  const furniture: Furniture[] = [];
  const blocks: Block[] = [];
  const texts: string[] = [];
  const title = file.known?.title ?? null;
  let at = 0;
  const lines = [...(title === null ? [] : [`! ${title}`]), ...(file.body ?? '').split('\n')];
  for (const line of lines) {
    const [, reason, aside] = /^> (\w+)\|(.*)$/.exec(line) ?? [];
    if (reason !== undefined && aside !== undefined) {
      furniture.push({ reason, text: aside, position: at });
      continue;
    }
    const [, mark, marked = line] = /^(#{1,2}|!|\||~) (.*)$/.exec(line) ?? [];
    const start = at;
    let text = '';
    const here = () => start + points(text);
    for (const [piece, kind, was, is, code, words] of marked.matchAll(
      /\{(\w+)\|([^|]*)\|([^}]*)\}|\[\[(\w+)\|([^\]]*)\]\]|[^{[]+|[{[]/gu,
    )) {
      const from = here();
      if (kind !== undefined) {
        text += is ?? '';
        const original = (was ?? '').replaceAll('\\n', '\n');
        repairs.push({ kind, start: from, end: here(), original });
      } else if (code !== undefined) {
        text += words ?? '';
        problems.push({ code, message: `${code}: ${words}`, start: from, end: here() });
      } else text += piece;
    }
    const text2 = mark === '|' ? text.replaceAll(' | ', '\t') : text;
    const end = start + points(text2);
    const range = { start, end };
    if (mark === '!') blocks.push({ kind: 'title', ...range });
    else if (mark === '|') blocks.push({ kind: 'table', ...range });
    else if (mark === '~') blocks.push({ kind: 'byline', ...range });
    else if (mark) blocks.push({ kind: 'heading', level: mark.length, ...range });
    else blocks.push({ kind: 'paragraph', ...range });
    texts.push(text2);
    at = end + 1;
  }
  return {
    text: texts.join('\n'),
    blocks,
    furniture,
    repairs,
    problems,
    metadata: { ...noMetadata(), script: 'Hans', language: 'zh', ...file.known },
    encoding: file.encoding ?? '',
    format: file.format ?? 'text',
  };
}

/** A report of the example, as the file that it came from. */
export function fileOf(sample: Sample): FileInMemory {
  return {
    path: sample.path,
    bytes: points(sample.body) * 3,
    format: sample.path.endsWith('.html') ? 'html' : 'text',
    encoding: 'UTF-8',
    known: { ...sample.metadata, kind: 'work_report' },
    body: [
      ...(sample.furniture ?? []).map(({ reason, text }) => `> ${reason}|${text}`),
      sample.body,
    ].join('\n'),
    problems: (sample.problems ?? []).map(({ code }) => code),
  };
}

const FOLDER = '/家/下载/侨联报告';

export const FILES: FileInMemory[] = [
  {
    path: `${FOLDER}/云溪市侨联2022年工作报告_云溪侨网.html`,
    bytes: 48_213,
    format: 'html',
    encoding: 'GB18030',
    known: {
      title: '云溪市归国华侨联合会2022年工作报告',
      published: '2023-01-16',
      delivered: '2023-01-12',
      period: { from: 2022, to: 2022 },
      kind: 'work_report',
      level: 'prefecture',
      authors: ['周砚'],
      source: '云溪侨网',
      editor: '许青禾',
      place: '平川省云溪市',
      organisation: '云溪市归国华侨联合会',
      address: 'http://www.yunxi-qiao.example/gzbg/202301/t20230116_4417.html',
    },
    body: `> breadcrumb|您现在的位置：首页 > 工作动态 > 工作报告
> page_tool|【字号：大 中 小】【打印】【关闭】
> label|浏览次数：
~ 发布时间：2023-01-16\u3000来源：云溪侨网\u3000责任编辑：许青禾
~ （2023年1月12日在市侨联八届三次全委会议上）
~ 周砚
2022年，云溪市侨联以凝聚侨心{gloss|（níng）|}为主线，团结动员广大归侨侨眷{gloss|(juàn)|}和海外侨胞，{punctuation|,|，}各项工作取得新成效。现将一年来的工作报告如下。
# 一、凝聚侨心，讲好云溪故事
全年举办“侨与中国”读书会十二场，[[digits_stripped|参加侨胞余人次]]。组织海外侨团负责人线上研{page_number| 第 2 页 共 9 页 |}讨交流，二十六个国家和地区的侨领参加。{missing_break||}
# 二、服务侨胞，办好民生实事
坚持开展“送温暖、献爱心”走访慰问{gloss|（wèi）|}活动，全年走访困难归侨侨眷243户，发放慰问金78.5万元。对年满八十岁的老归侨，做到生日必到、生病必访、困难必帮。
依托侨法宣传角，组织法律志愿者接待来访咨询{space|  |}107人次，调解涉侨房屋纠纷9件。
> picture|（图片：走访现场）
> spam|特价机票\u3000低至三折\u3000点击预订
# 三、发挥优势，助力招商引资
举办“侨商云溪行”活动，邀请侨商代表70人实地考察临港产业园，签约项目11个，合同金额24.6亿元。[[impossible_date|6月126日]]，引进海外高层次人才团队4个。
| 项目 | 签约数 | 金额（亿元）
| 先进制造 | 5 | 13.2
| 现代服务 | 6 | 11.4
# 四、文化交流，传承乡情
开展海外华裔青少年“云端寻根”夏令营，来自七个国家的152名营员在线学习书法、茶艺和方言童谣。[[quotes_unbalanced|举办“故乡的味道线上征文]]，收到来稿240篇。
> related|相关链接：2021年工作总结
> navigation|版权所有：云溪侨网\u3000平ICP备00000000号`,
  },
  {
    path: `${FOLDER}/临江市侨联第七次侨代会报告.docx`,
    bytes: 61_440,
    format: 'docx',
    known: {
      title: '在临江市第七次归侨侨眷代表大会上的报告',
      delivered: '2021-09-28',
      period: { from: 2016, to: 2021 },
      kind: 'multi_year',
      level: 'prefecture',
      authors: ['沈望舒'],
      place: '平川省临江市',
      organisation: '临江市归国华侨联合会',
    },
    problems: ['date_missing', 'tracked_changes'],
    body: `各位代表、同志们：
现在，我代表临江市侨联第六届委员会向大会作报告，请予审议。
# 一、过去五年的工作
五年来，市侨联累计走访困难归侨侨眷1120户，引进侨资项目32个，合同金额96.4亿元。
# 二、今后五年的主要任务
## （一）把握正确方向
以侨为桥、沟通中外，团结凝聚海内外临江籍侨胞。
## （二）夯实基层基础
新建“侨胞之家”三十处，实现县区全覆盖。`,
  },
  {
    path: `${FOLDER}/扫描件/南埔僑訊1987年第2期.pdf`,
    bytes: 8_412_160,
    format: 'pdf',
    known: { title: null, script: null, place: '海屏省南埔市' },
    problems: ['no_text_layer', 'title_missing', 'date_missing'],
    body: '',
  },
  {
    path: `${FOLDER}/安河市侨联五年工作报告.pdf`,
    bytes: 734_003,
    format: 'pdf',
    password: '2021',
    known: {
      title: '安河市归国华侨联合会五年工作报告',
      delivered: '2021-11-03',
      published: '2021-11-05',
      period: { from: 2016, to: 2021 },
      kind: 'multi_year',
      level: 'prefecture',
      place: '平川省安河市',
      organisation: '安河市归国华侨联合会',
    },
    body: `五年来，全市各级侨联组织牢记为侨服务宗旨，{line_break|\\n|}各项事业不断发展。
# 一、五年工作回顾
> navigation|安河市归国华侨联合会五年工作报告\u3000— 3 —
接待来信来访212件，办结209件；海外捐赠折合人民币1308万元。`,
  },
  {
    path: `${FOLDER}/转载/云溪侨联工作总结（繁體）.mhtml`,
    bytes: 212_480,
    format: 'mhtml',
    encoding: 'UTF-8',
    known: {
      title: '雲溪市僑聯2021年工作總結',
      published: '2022-02-11',
      period: { from: 2021, to: 2021 },
      kind: 'summary',
      source: '海外僑訊網',
      place: '平川省云溪市',
      organisation: '云溪市归国华侨联合会',
      script: 'Hant',
      address: 'https://news.haiwai-qiao.example/2022/0211/88.html',
    },
    near: { title: '云溪市侨联2021年工作总结', likeness: 0.97 },
    body: `> hidden|本文由採集程式自動發佈
2021年，雲溪市僑聯緊緊圍繞中心、服務大局，團結動員廣大歸僑僑眷和海外僑胞，圓滿完成全年任務。
# 一、學習教育走深走實
組織僑界宣講團進社區、進企業宣講三十四場，聽眾兩千餘人次。`,
  },
  {
    path: `${FOLDER}/公众号/竹溪侨联｜一份来自侨界的年终答卷.html`,
    bytes: 1_284_096,
    format: 'html',
    encoding: 'UTF-8',
    known: {
      title: '一份来自侨界的年终答卷',
      published: '2022-12-30T18:02',
      period: { from: 2022, to: 2022 },
      kind: 'summary',
      level: 'county',
      authors: ['竹溪侨联'],
      source: '竹溪侨联（公众号）',
      place: '平川省云溪市竹溪县',
      organisation: '竹溪县归国华侨联合会',
    },
    problems: ['hidden_text'],
    body: `岁末回望，{repetition|岁末回望，|}竹溪侨联交出一份沉甸甸的答卷。
# 01 暖侨心
走访老归侨六十六户，[[digits_stripped|发放慰问金万元]]。
# 02 聚侨力
引进侨资茶旅项目两个，带动农户三百户增收。
> related|点击“阅读原文”查看更多
> page_tool|赞 在看 分享`,
  },
  {
    path: `${FOLDER}/历年工作报告汇总.xlsx`,
    bytes: 92_160,
    format: 'spreadsheet',
    body: '| 标题 | 单位 | 发布日期\n| 白鹿县侨联2016年工作总结 | 白鹿县归国华侨联合会 | 2017-01-20',
    table: {
      sheet: '报告',
      sheets: ['报告', '说明'],
      total: 38,
      fields: ['title', 'organisation', 'published', 'text', null],
      rows: [
        ['标题', '单位', '发布日期', '正文', '备注'],
        [
          '白鹿县侨联2016年工作总结',
          '白鹿县归国华侨联合会',
          '2017-01-20',
          '2016年，白鹿县侨联立足山区实际，走访归侨侨眷八十六户，资助侨眷子女上大学11人。',
          '已核对',
        ],
        [
          '白鹿县侨联2017年工作总结',
          '白鹿县归国华侨联合会',
          '2018-01-18',
          '2017年，全县侨界投身脱贫攻坚，引进茶叶合作社一家，带动农户七十户增收。',
          '',
        ],
        [
          '竹溪县侨联2017年工作总结',
          '竹溪县归国华侨联合会',
          '2018/2/2',
          '2017年，县侨联完成换届，新建“侨胞之家”三处。',
          '日期待查',
        ],
        [
          '临江市侨联2018年工作要点',
          '临江市归国华侨联合会',
          '2018年3月',
          '坚持以侨为桥，做好引资引智、文化交流、参政议政各项工作。',
          '',
        ],
      ],
    },
  },
  {
    path: `${FOLDER}/旧稿.zip`,
    inside: '旧稿/青石县侨联1998年总结.txt',
    bytes: 6_318,
    format: 'text',
    encoding: 'GBK',
    known: {
      title: '青石县侨联一九九八年工作总结',
      published: '1999-01',
      period: { from: 1998, to: 1998 },
      kind: 'summary',
      level: 'county',
      place: '平川省安河市青石县',
      organisation: '青石县归国华侨联合会',
    },
    problems: ['encoding_uncertain'],
    body: `一九九八年，县侨联在抗洪救灾中动员侨界捐款四十六万元。
# 一、抗洪救灾
[[mojibake|鍗庝鲸鍗庝汉鎹愯禒]]折合人民币十二万元，全部用于灾后重建。`,
  },
  {
    path: `${FOLDER}/旧稿.zip`,
    inside: '旧稿/大田县侨联汇报.rtf',
    bytes: 22_016,
    format: 'rtf',
    encoding: 'GBK',
    known: {
      title: '大田县侨联工作情况汇报',
      published: '2004-12-08',
      kind: 'summary',
      level: 'county',
      place: '平川省临江市大田县',
      organisation: '大田县归国华侨联合会',
    },
    body: `大田县现有归侨侨眷三千一百人。
# 一、基本情况
全县有侨资企业十四家，侨捐项目二十二个。`,
  },
  {
    path: `${FOLDER}/云溪侨网_工作动态.html`,
    bytes: 30_722,
    format: 'html',
    encoding: 'UTF-8',
    outcome: 'refused',
    error: { code: 'list_page', message: '31 of 36 lines are links with a date.' },
    known: { title: '工作动态', source: '云溪侨网' },
    body: `云溪市侨联召开2022年务虚会
市侨联领导走访慰问老归侨
云溪市侨联2021年工作总结
“侨商云溪行”活动举行`,
  },
  {
    path: `${FOLDER}/侨代会报告全文.html`,
    bytes: 2_114,
    format: 'html',
    encoding: 'UTF-8',
    outcome: 'refused',
    error: { code: 'error_page', message: 'The title says 404.' },
    known: { title: '404 - 找不到文件或目录' },
    body: '404 - 找不到文件或目录。您要查找的资源可能已被删除，已更改名称或者暂时不可用。',
  },
  {
    path: `${FOLDER}/白鹿县侨联第五次侨代会报告.docx`,
    bytes: 18_432,
    format: 'docx',
    outcome: 'failed',
    error: { code: 'damaged_file', message: 'The file ends in the middle: word/document.xml.' },
  },
  {
    path: `${FOLDER}/会议录像.mp4`,
    bytes: 184_320_000,
    format: null,
    outcome: 'failed',
    error: { code: 'unsupported_format', message: 'A film (video/mp4) holds no text to import.' },
  },
  ...SAMPLES.map(fileOf),
];
