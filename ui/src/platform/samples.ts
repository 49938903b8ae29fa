// Six short reports for the archive in memory. The places and people are invented.
import type { Metadata, Problem } from '../protocol/protocol';

export interface Sample {
  path: string;
  metadata: Partial<Metadata>;
  /** Blocks: `# ` and `## ` open headings; anything else is a paragraph. */
  body: string;
  furniture?: { text: string; reason: string }[];
  problems?: Problem[];
  /** Tagged words with the tags' names and a memo. */
  tagged?: { quote: string; tags: string[]; memo?: string }[];
  /** Held back, to be imported. */
  later?: boolean;
}

export interface SampleTag {
  name: string;
  parent?: string;
  colour: string;
  description: string;
}

export const SAMPLE_TAGS: SampleTag[] = [
  { name: '服务侨胞', colour: '#b5573a', description: '为归侨侨眷和海外侨胞办的实事' },
  { name: '走访慰问', parent: '服务侨胞', colour: '#c98a2b', description: '节日与困难家庭的走访' },
  { name: '法律援助', parent: '服务侨胞', colour: '#8d6e4f', description: '维权、调解、咨询' },
  { name: '引资引智', colour: '#3f7d6e', description: '招商、引才、项目' },
  { name: '文化交流', colour: '#3b6ea5', description: '寻根、华文教育、展演' },
  { name: '组织建设', colour: '#7a5c9e', description: '换届、基层组织、侨胞之家' },
  { name: '抗疫', colour: '#a34a6a', description: '募捐、物资、联络' },
];

export const SAMPLES: Sample[] = [
  {
    path: '/示例/云溪市侨联2020年工作总结.html',
    metadata: {
      title: '云溪市侨联2020年工作总结',
      published: '2021-01-18T09:30',
      authors: ['周砚'],
      source: '云溪侨网',
      place: '平川省云溪市',
      organisation: '云溪市归国华侨联合会',
      script: 'Hans',
    },
    furniture: [
      { text: '您现在的位置：首页 > 工作动态 > 总结', reason: 'breadcrumb' },
      { text: '【字号：大 中 小】【打印】【关闭】', reason: 'page_tool' },
      { text: '版权所有：云溪侨网', reason: 'navigation' },
    ],
    body: `2020年，云溪市侨联在市委的领导下，紧紧围绕中心、服务大局，团结动员广大归侨侨眷和海外侨胞，各项工作取得新的成效。现将一年来的工作总结如下。
# 一、凝聚侨心，共同抗击疫情
疫情发生后，市侨联第一时间发出倡议，二十三个国家的云溪籍侨胞连夜筹集物资。截至三月底，共募集口罩18万只、防护服2600套，折合人民币412万元，全部送到一线医护人员手中。
我们同步建立海外侨胞联络群十二个，每日发布防疫提示，帮助滞留海外的学生三十七人平安返乡。
# 二、服务侨胞，办好民生实事
坚持开展“送温暖、献爱心”走访慰问活动，全年走访困难归侨侨眷216户，发放慰问金64.8万元。对年满八十岁的老归侨，做到生日必到、生病必访、困难必帮。
依托侨法宣传角，组织法律志愿者接待来访咨询93人次，调解涉侨房屋纠纷11件，维护了归侨侨眷的合法权益。
# 三、发挥优势，助力招商引资
举办“侨商云溪行”活动，邀请侨商代表48人实地考察高新区和临港产业园，签约项目7个，合同金额15.6亿元。建立重点侨资企业联系制度，帮助九家企业解决用工、融资难题，推动复工复产。
# 四、传承乡情，促进文化交流
开展海外华裔青少年“云端寻根”夏令营，来自六个国家的135名营员在线学习书法、茶艺和方言童谣。
# 五、夯实基础，加强自身建设
指导四个县区侨联完成换届，新建“侨胞之家”八处，基层组织覆盖面进一步扩大。一年来，我们深感工作中还存在不足：与海外新生代侨胞联系不够紧密，基层侨联干部力量薄弱。`,
    tagged: [
      {
        quote: '共募集口罩18万只、防护服2600套，折合人民币412万元',
        tags: ['抗疫'],
        memo: '与安河的口径不同：此处含境外采购。',
      },
      { quote: '截至三月底，共募集口罩18万只', tags: ['服务侨胞'] },
      { quote: '全年走访困难归侨侨眷216户，发放慰问金64.8万元', tags: ['走访慰问'] },
      { quote: '调解涉侨房屋纠纷11件，维护了归侨侨眷的合法权益', tags: ['法律援助'] },
      { quote: '签约项目7个，合同金额15.6亿元', tags: ['引资引智'] },
      { quote: '推动复工复产', tags: ['引资引智', '抗疫'] },
    ],
  },
  {
    path: '/示例/安河市侨联2020年工作报告.txt',
    metadata: {
      title: '安河市归国华侨联合会二○二○年工作报告',
      published: '2021-02-04',
      authors: [],
      source: '安河市人民政府网',
      place: '平川省安河市',
      organisation: '安河市归国华侨联合会',
      script: 'Hans',
    },
    furniture: [{ text: '信息来源：本站原创　点击数：', reason: 'label' }],
    problems: [
      {
        code: 'digits_stripped',
        message: 'A figure looks stripped: 走访慰问归侨侨眷户.',
        start: 164,
        end: 174,
      },
    ],
    body: `一年来，安河市侨联坚持以人民为中心，紧紧围绕中心、服务大局，团结动员广大归侨侨眷和海外侨胞，为全市发展贡献侨界力量。
# 一、齐心协力，共克时艰
面对疫情，市侨联向海外发出倡议书，收到侨胞捐款捐物折合人民币308万元。设立侨界志愿服务岗二十个，四百余名归侨侨眷参与社区值守。
# 二、心系侨胞，维护权益
春节前后走访慰问归侨侨眷户，发放慰问金万元。对年满八十岁的老归侨，做到生日必到、生病必访、困难必帮。与司法部门共建涉侨纠纷调解室，受理来信来访41件，办结40件。
# 三、牵线搭桥，招才引智
组织参加侨商博览会，引进海外高层次人才团队3个；开展侨商座谈，推动复工复产，协助十五家侨资企业申请稳岗补贴。
# 四、以文化人，增进认同
举办“故乡的味道”线上征文，收到海外来稿212篇，评出获奖作品三十篇并结集成书。
# 五、强基固本，建好家园
建成社区“侨胞之家”十一处。与海外新生代侨胞联系不够紧密，是下一步要着力解决的问题。`,
    tagged: [
      { quote: '收到侨胞捐款捐物折合人民币308万元', tags: ['抗疫'] },
      {
        quote: '对年满八十岁的老归侨，做到生日必到、生病必访、困难必帮',
        tags: ['走访慰问', '服务侨胞'],
        memo: '与云溪一字不差。',
      },
      { quote: '引进海外高层次人才团队3个', tags: ['引资引智'] },
    ],
  },
  {
    path: '/示例/南埔市僑聯2019年工作回顧.html',
    metadata: {
      title: '南埔市僑聯二〇一九年工作回顧',
      published: '2020-01-09',
      authors: ['林以墨', '許青禾'],
      source: '南埔僑訊',
      place: '海屏省南埔市',
      organisation: '南埔市歸國華僑聯合會',
      script: 'Hant',
    },
    furniture: [
      { text: '南埔僑訊 > 會務 > 年度報告', reason: 'breadcrumb' },
      { text: '特惠機票，點此預訂！', reason: 'spam' },
    ],
    problems: [
      { code: 'glosses_removed', message: 'Two pinyin glosses were taken out.' },
      { code: 'spam_removed', message: 'One spam line was set aside.' },
    ],
    body: `二〇一九年，南埔市僑聯團結動員廣大歸僑僑眷和海外僑胞，以僑為橋，聯絡四海，各項會務穩步推進。
# 一、聯誼四海
全年接待海外僑團二十六批、四百二十人次，與九個國家的僑社簽訂友好協議。世界南埔同鄉懇親大會期間，一千二百名鄉親回到故里。
# 二、扶危濟困
堅持開展「送溫暖、獻愛心」走訪慰問活動，全年走訪困難歸僑僑眷158戶，發放慰問金39.5萬元。
# 三、招商引智
邀請僑商代表三十一人實地考察臨港產業園，簽約項目四個。協助僑資企業辦理用地、環評等手續，營造良好營商環境。
# 四、文化傳承
舉辦華裔青少年尋根夏令營兩期，營員九十八人學習書法、南音和剪紙。編印《南埔僑批選》，收錄僑批三百封。
# 五、會務建設
新建「僑胞之家」五處，培訓基層僑聯幹部六十人次。`,
    tagged: [
      { quote: '全年走訪困難歸僑僑眷158戶，發放慰問金39.5萬元', tags: ['走访慰问'] },
      {
        quote: '編印《南埔僑批選》，收錄僑批三百封',
        tags: ['文化交流'],
        memo: '僑批整理，可與侨刊比较。',
      },
      { quote: '新建「僑胞之家」五處', tags: ['组织建设'] },
    ],
  },
  {
    path: '/示例/云溪市侨联2021年工作总结.txt',
    metadata: {
      title: '云溪市侨联2021年工作总结',
      published: '2022-01-20',
      authors: ['周砚'],
      source: '云溪侨网',
      place: '平川省云溪市',
      organisation: '云溪市归国华侨联合会',
      script: 'Hans',
    },
    body: `2021年，云溪市侨联紧紧围绕中心、服务大局，团结动员广大归侨侨眷和海外侨胞，圆满完成全年任务。
# 一、学习教育走深走实
组织侨界宣讲团进社区、进企业宣讲三十四场，听众两千余人次。
# 二、服务侨胞有情有为
坚持开展“送温暖、献爱心”走访慰问活动，全年走访困难归侨侨眷231户，发放慰问金71.2万元。开通“侨事通”小程序，线上办理身份确认、子女就学等事项648件。
# 三、引资引智见行见效
举办“侨商云溪行”活动，邀请侨商代表六十二人实地考察高新区和临港产业园，签约项目九个，合同金额21.3亿元。
# 四、文化交流可亲可感
修缮归侨旧居两处，辟为侨史陈列室，接待参观一万一千人次。`,
    tagged: [{ quote: '开通“侨事通”小程序', tags: ['服务侨胞'], memo: '数字化服务的第一例。' }],
  },
  {
    path: '/示例/白鹿县侨联工作情况汇报.txt',
    metadata: {
      title: '白鹿县侨联工作情况汇报',
      published: '2018-11',
      authors: [],
      source: null,
      place: '平川省云溪市白鹿县',
      organisation: '白鹿县归国华侨联合会',
      script: 'Hans',
    },
    problems: [
      {
        code: 'quotes_unbalanced',
        message: 'Quotation marks were lost on one side.',
        start: 60,
        end: 64,
      },
      { code: 'encoding_uncertain', message: 'The encoding is a guess: GB18030.' },
    ],
    body: `白鹿县现有归侨侨眷四千二百人，海外乡亲分布在十七个国家和地区。县侨联成立以来，紧紧围绕中心、服务大局，做了以下工作。
# 一、摸清侨情
历时八个月完成侨情普查，建立电子档案一千三百份。
# 二、暖侨惠侨
为归侨危房改造争取资金二十六万元，资助侨眷子女上大学19人。
# 三、以侨引侨
引导乡贤投资茶叶合作社三家，带动农户二百一十户增收。`,
    tagged: [{ quote: '建立电子档案一千三百份', tags: ['组织建设'] }],
  },
  {
    path: '/示例/青嶼縣僑聯年度報告.txt',
    metadata: {
      title: '青嶼縣僑聯二〇二一年度報告',
      published: '2021-12-30',
      authors: ['高一舟'],
      source: '青嶼僑刊',
      place: '海屏省南埔市青嶼縣',
      organisation: '青嶼縣歸國華僑聯合會',
      script: 'Hant',
    },
    later: true,
    body: `青嶼孤懸海上，僑居海外者三萬餘人，倍於島上居民。二〇二一年，縣僑聯以信為媒，重續鄉情。
# 一、書信計畫
發動中小學生給海外鄉親寫信一千封，收到回信四百一十二封。
# 二、服務鄉親
堅持開展「送溫暖、獻愛心」走訪慰問活動，走訪困難歸僑僑眷四十六戶。
# 三、僑宅修繕
協助修繕僑宅八座，辟為民宿與圖書室。`,
  },
];

/** Traditional to simplified, as far as the samples need it: the archive itself folds everything. */
const PAIRS =
  '僑侨聯联團团結结動动員员廣广歸归華华國国會会業业產产園园發发開开東东環环評评資资與与報报聞闻訊讯農农' +
  '鄉乡親亲島岛嶼屿縣县書书計计畫划學学寫写給给處处舉举辦办為为際际慰慰問问訪访戶户萬万難难獻献愛爱溫温' +
  '堅坚實实際际營营傳传編编錄录選选貳贰兩两剪剪紙纸語语詞词誼谊橋桥絡络項项簽签約约協协議议邀邀請请' +
  '裔裔青青尋寻夏夏習习藝艺頭头齊齐個个來来時时間间們们務务穩稳進进濟济懇恳裡里眾众幹干訓训層层總总' +
  '線线縣县續续倍倍懸悬餘余戶户歷历屆届設设導导極极樣样權权維维護护';
const SIMPLE = new Map<string, string>();
{
  const characters = [...PAIRS];
  for (let i = 0; i + 1 < characters.length; i += 2) {
    SIMPLE.set(characters[i] as string, characters[i + 1] as string);
  }
}

/** One folded unit for each code point. */
export function fold(character: string): string {
  return (SIMPLE.get(character) ?? character).toLowerCase();
}

/** Syllables for the picker, as far as the sample tags need them. */
export const SYLLABLES = new Map(
  Object.entries({
    服: 'fu',
    务: 'wu',
    侨: 'qiao',
    胞: 'bao',
    走: 'zou',
    访: 'fang',
    慰: 'wei',
    问: 'wen',
    法: 'fa',
    律: 'lü',
    援: 'yuan',
    助: 'zhu',
    引: 'yin',
    资: 'zi',
    智: 'zhi',
    文: 'wen',
    化: 'hua',
    交: 'jiao',
    流: 'liu',
    组: 'zu',
    织: 'zhi',
    建: 'jian',
    设: 'she',
    抗: 'kang',
    疫: 'yi',
  }),
);

/** What is read in a scan that is recognised. */
export const RECOGNISED = {
  path: '扫描件.pdf',
  title: '南埔市侨联工作简报',
  body: `一九八七年第二期，由南埔市归国华侨联合会编印，分送各县区侨联。
# 一、春节慰问
正月里走访归侨侨眷四十二户，送去慰间品和年历，听取对侨务工作的意见。
# 二、侨属企业
协助九家侨属企业办理手续，其中三家在年内投产，安排侨眷子女一百二十人就业。`,
  /** Read with little confidence. */
  uncertain: ['慰间品', '年历'],
};
