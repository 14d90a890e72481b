// The language, feature by feature. What is expected is what python3-jinja2 renders.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "engine/text/jinja/template.h"

namespace hearth::jinja {
namespace {

constexpr int64_t kNow = 1'732'104'000;  // 2024-11-20 12:00 UTC

Result<std::string> render(std::string_view source) {
    ::setenv("TZ", "UTC", 1);
    HEARTH_TRY(const Template parsed, Template::parse(source));
    HEARTH_TRY(const MarkedText text, parsed.render([](Heap&) { return Variables{}; }, kNow));
    return text.text();
}

struct Case {
    const char* source;
    const char* expected;
};

void expect_renders(std::initializer_list<Case> cases) {
    for (const auto& [source, expected] : cases) {
        const auto text = render(source);
        ASSERT_TRUE(text.has_value()) << source << "\n" << text.error().message;
        EXPECT_EQ(*text, expected) << source;
    }
}

// Fails with these words, and says where.
void expect_errors(std::initializer_list<Case> cases) {
    for (const auto& [source, expected] : cases) {
        const auto text = render(source);
        ASSERT_FALSE(text.has_value()) << source << "\n" << *text;
        EXPECT_EQ(text.error().message.rfind(expected, 0), 0u) << source << "\n"
                                                               << text.error().message << "\n"
                                                               << expected;
        EXPECT_NE(text.error().message.find(" at line 1, column "), std::string::npos) << source;
    }
}

void expect_refused(std::initializer_list<const char*> sources) {
    for (const char* source : sources) {
        const auto parsed = Template::parse(source);
        ASSERT_FALSE(parsed.has_value()) << source;
        EXPECT_NE(parsed.error().message.find(" at line 1, column "), std::string::npos) << source;
    }
}

TEST(Jinja, ValuesPrintAsPythonPrintsThem) {
    expect_renders({
        {"{{ none }} {{ true }} {{ false }} {{ 1 }} {{ -0 }} {{ 1.0 }} {{ 0.1 + 0.2 }} {{ 1e16 }} "
         "{{ 1e15 }} {{ 1e-5 }} {{ 0.0001 }} {{ 1.5e300 * 1e10 }}",
         "None True False 1 0 1.0 0.30000000000000004 1e+16 1000000000000000.0 1e-05 0.0001 inf"},
        {"{{ [1, 'a', \"it's\", 'q\"', none, 1.5, [], {}, (1,), ()] }}",
         "[1, 'a', \"it's\", 'q\"', None, 1.5, [], {}, (1,), ()]"},
        {"{{ {'a': 1, 2: 'b', none: true, 'n': {'x': [1]}} }}",
         "{'a': 1, 2: 'b', None: True, 'n': {'x': [1]}}"},
        {"{{ ['a\\n\\t\\\\b', 'é漢😀', '\\u200b\\xa0\\x7f', '\\'\\\"'] }}",
         "['a\\n\\t\\\\b', 'é漢😀', '\\u200b\\xa0\\x7f', '\\'\"']"},
        {"{{ ('a', 'b') }} {{ 'a', 'b' }} {{ ('a') }}", "('a', 'b') ('a', 'b') a"},
        {"{{ 'a' 'b' \"c\" }} {{ 0x1F }} {{ 1_000 }} {{ 0b101 }} {{ 0o17 }} {{ 1_0.5_0 }}",
         "abc 31 1000 5 15 10.5"},
        {"{{ 'tab\\tnew\\nline \\x41 \\u00e9 \\U0001F600 \\q \\101 \\\\' }}",
         "tab\tnew\nline A é 😀 \\q A \\"},
        {"{{ foo }}|{{ foo | default('d') }}|{{ foo is defined }}|{{ [foo] }}",
         "|d|False|[Undefined]"},
    });
}

TEST(Jinja, TruthIsPythons) {
    expect_renders({
        {"{% for v in [0, 1, 0.0, '', ' ', [], [0], {}, {'a': 1}, none, true, false, (), foo] %}{{ "
         "'T' if v else 'F' }}{% endfor %}",
         "FTFFTFTFTFTFFF"},
        {"{{ 'a' and 'b' }} {{ '' or 'x' }} {{ 0 and foo.bar }} {{ not '' }} {{ 1 or foo.bar }} {{ "
         "none or [] }}",
         "b x 0 True 1 []"},
        {"{{ 'yes' if [] | map('upper') else 'no' }}", "yes"},
        {"{{ 'x' if false }}|{{ ('x' if false) is defined }}", "|False"},
    });
}

TEST(Jinja, ArithmeticIsPythons) {
    expect_renders({
        {"{{ 7 // 2 }} {{ -7 // 2 }} {{ 7 % -3 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 4 / 2 }} {{ 2 ** 10 "
         "}} {{ 2 ** -1 }} {{ 2 ** 0.5 }} {{ 7.5 // 2 }} {{ -7.5 % 2 }}",
         "3 -4 -2 2 3.5 2.0 1024 0.5 1.4142135623730951 3.0 0.5"},
        {"{{ 1 + 2 * 3 - 4 }} {{ (1 + 2) * 3 }} {{ -2 ** 2 }} {{ 2 ** 3 ** 2 }} {{ 1 - 1 - 1 }} {{ "
         "+5 }} {{ - 5 + 3 }} {{ --5 }}",
         "3 9 4 64 -1 5 -2 5"},
        {"{{ true + 1 }} {{ 'ab' * 3 }} {{ 2 * 'ab' }} {{ [1] * 2 }} {{ 'a' * -1 }}|{{ [1] + [2] "
         "}} {{ (1,) + (2,) }} {{ 'a' + 'b' }}",
         "2 ababab abab [1, 1] |[1, 2] (1, 2) ab"},
        {"{{ 1 == 1.0 }} {{ 1 == true }} {{ '1' == 1 }} {{ [1] == [1.0] }} {{ {'a': 1} == {'a': 1} "
         "}} {{ (1,) == [1] }} {{ none == false }} {{ foo == bar }} {{ foo == none }} {{ foo == '' "
         "}}",
         "True True False True True False False True False False"},
        {"{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 'a' < 'b' }} {{ 'Z' < 'a' }} {{ [1, 2] < [1, 3] }} {{ "
         "3 > 2 >= 2 }} {{ 1 <= 1.0 }} {{ 1 != 2 }} {{ 'é' > 'z' }}",
         "True False True True True True True True True"},
        {"{{ 'a' in 'abc' }} {{ 'x' not in 'abc' }} {{ 1 in [1, 2] }} {{ 'a' in {'a': 1} }} {{ 1.0 "
         "in [1] }} {{ '' in '' }} {{ foo in [1] }} {{ 1 in foo }} {{ not 1 in [2] }}",
         "True True True True True True False False True"},
        {"{{ -7.0 // 2 }} {{ 5 % 2.5 }} {{ 1 / 3 }} {{ 100000000000000000000.0 }} {{ "
         "9007199254740993 }} {{ -3 | abs }} {{ -(3) | abs }}",
         "-4.0 0.0 0.3333333333333333 1e+20 9007199254740993 3 3"},
    });
}

TEST(Jinja, SlicesAndSubscripts) {
    expect_renders({
        {"{{ 'héllo'[1] }} {{ 'héllo'[-1] }} {{ 'héllo'[1:3] }} {{ 'héllo'[:-1] }} {{ "
         "'héllo'[::-1] }} {{ 'héllo'[::2] }} {{ 'héllo'[-3:] }} {{ 'héllo'[3:1] }}|{{ "
         "'héllo'[10:] }}|{{ 'héllo'[-10:2] }}",
         "é o él héll olléh hlo llo ||hé"},
        {"{% set l = [0, 1, 2, 3, 4] %}{{ l[1:] }} {{ l[:2] }} {{ l[::-1] }} {{ l[-2:] }} {{ "
         "l[::2] }} {{ l[4:0:-2] }} {{ l[1:-1] }} {{ l[-100:100] }} {{ l[100:] }} {{ l[:-100] }} "
         "{{ l[3:1] }} {{ l[3::-1] }} {{ l[:1:-1] }}",
         "[1, 2, 3, 4] [0, 1] [4, 3, 2, 1, 0] [3, 4] [0, 2, 4] [4, 2] [1, 2, 3] [0, 1, 2, 3, 4] [] "
         "[] [] [3, 2, 1, 0] [4, 3, 2]"},
        {"{% set l = [0, 1, 2] %}{{ l[0] }}{{ l[-1] }}{{ l[5] }}|{{ l[5] is defined }}|{{ l.0 }} "
         "{{ (1, 2, 3)[1:] }} {{ l[true] }} {{ l[none:2] }}",
         "02|False|0 (2, 3) 1 [0, 1]"},
        {"{% set d = {'a': 1, 'items': 2, 3: 'x'} %}{{ d.a }} {{ d['a'] }} {{ d['items'] }} {{ "
         "d[3] }} {{ d.zz is defined }} {{ d['zz'] }}|{{ d.get('zz') }} {{ d.get('zz', 5) }} {{ "
         "d.get('a') }}",
         "1 1 2 x False |None 5 1"},
        {"{{ 'abc'.zz is defined }} {{ (1).x is defined }} {{ none.x is defined }} {{ [].x is "
         "defined }} {{ 'abc'['upper']() }}",
         "False False False False ABC"},
    });
}

TEST(Jinja, TextMethods) {
    expect_renders({
        {"{{ '  a b  '.strip() }}|{{ '  a'.lstrip() }}|{{ 'a  '.rstrip() }}|{{ 'xxaxx'.strip('x') "
         "}}|{{ 'abcba'.strip('ab') }}|{{ '\343\200\200\302\240a\342\200\203'.strip() }}|{{ "
         "'éaé'.strip('é') }}|{{ 'a\\n'.rstrip('\\n') }}|{{ ''.strip() }}",
         "a b|a|a|a|c|a|a|a|"},
        {"{{ 'a,b,,c'.split(',') }} {{ ' a  b '.split() }} {{ 'a b c'.split(' ', 1) }} {{ 'a b  c "
         "d'.split(none, 2) }} {{ ''.split() }} {{ ''.split(',') }} {{ 'abc'.split('abc') }} {{ "
         "'a--b'.split('--') }} {{ 'a b c'.split(maxsplit=1) }} {{ 'x'.split('y') }}",
         "['a', 'b', '', 'c'] ['a', 'b'] ['a', 'b c'] ['a', 'b', 'c d'] [] [''] ['', ''] ['a', "
         "'b'] ['a', 'b c'] ['x']"},
        {"{{ 'a,b,c'.rsplit(',', 1) }} {{ 'a b c '.rsplit(none, 1) }} {{ 'a,b'.rsplit(',') }} {{ "
         "'a b'.rsplit(none, 5) }}",
         "['a,b', 'c'] ['a b', 'c'] ['a', 'b'] ['a', 'b']"},
        {"{{ 'a=b=c'.partition('=') }} {{ 'abc'.partition('=') }} {{ 'a=b=c'.rpartition('=') }} {{ "
         "'abc'.rpartition('=') }}",
         "('a', '=', 'b=c') ('abc', '', '') ('a=b', '=', 'c') ('', '', 'abc')"},
        {"{{ 'hello'.startswith('he') }} {{ 'hello'.endswith('lo') }} {{ 'hello'.startswith(('x', "
         "'h')) }} {{ ''.startswith('') }} {{ 'a'.endswith('abc') }} {{ 'a'.startswith(()) }}",
         "True True True True False False"},
        {"{{ 'aXbX'.replace('X', '-') }} {{ 'aXbX'.replace('X', '-', 1) }} {{ 'ab'.replace('', "
         "'.') }} {{ 'aaa'.replace('aa', 'b') }} {{ 'abc'.replace('x', 'y') }} {{ 'aé'.replace('', "
         "'|', 2) }} {{ ''.replace('', 'x') }} {{ 'a'.replace('a', '', 0) }}",
         "a-b- a-bX .a.b. ba abc |a|é x a"},
        {"{{ 'strasse É'.upper() }} {{ 'ÀB'.lower() }} {{ 'hello wOrld'.title() }} {{ \"it's "
         "a-b\".title() }} {{ 'hELLO wORLD'.capitalize() }} {{ 'ÉCOLE'.capitalize() }} {{ "
         "''.capitalize() }}",
         "STRASSE É àb Hello World It'S A-B Hello world École "},
        {"{{ 'abcabc'.find('c') }} {{ 'abc'.find('x') }} {{ 'éac'.find('c') }} {{ "
         "'abcabc'.rfind('a') }} {{ 'aaaa'.count('aa') }} {{ 'abc'.count('') }} {{ '-'.join(['a', "
         "'b']) }} {{ 'abc'.find('') }}",
         "2 -1 2 3 2 4 a-b 0"},
        {"{{ '12'.isdigit() }} {{ ''.isdigit() }} {{ '1a'.isdigit() }} {{ 'ab'.isalpha() }} {{ "
         "'é1'.isalnum() }} {{ ' \\t'.isspace() }} {{ 'AB1'.isupper() }} {{ 'ab'.islower() }} {{ "
         "'1'.isupper() }}",
         "True False False True True True True True False"},
        {"{{ 'a\\nb\\r\\nc\\n'.splitlines() }} {{ ''.splitlines() }} {{ 'a\\n\\nb'.splitlines() }} "
         "{{ 'foobar'.removeprefix('foo') }} {{ 'foobar'.removesuffix('bar') }} {{ "
         "'x'.removeprefix('y') }}",
         "['a', 'b', 'c'] [] ['a', '', 'b'] bar foo x"},
    });
}

TEST(Jinja, LastPlaces) {
    expect_renders({
        {"{{ ('ab' * 999).rfind('ba') }} {{ ('x' ~ 'a' * 999).rfind('x') }}", "1995 0"},
        {"{{ ('xy' ~ 'a' * 300).rfind('xy') }} {{ ('a' * 300).rfind('y') }}", "0 -1"},
        {"{{ 'é'.rfind('') }} {{ ''.rfind('') }} {{ ''.rfind('a') }}", "1 0 -1"},
    });
}

TEST(Jinja, CollectionMethods) {
    expect_renders({
        {"{% set l = [1] %}{% set _ = l.append(2) %}{{ l }} {{ l.pop() }} {{ l }} {{ l.append(3) "
         "}} {{ l.pop(0) }} {{ l }} {% set _ = l.extend([4, 5]) %}{% set _ = l.insert(0, 'i') %}{{ "
         "l }} {{ l.index(4) }} {{ l.count(5) }} {% set _ = l.reverse() %}{{ l }}",
         "[1, 2] 2 [1] None 1 [3] ['i', 3, 4, 5] 2 1 [5, 4, 3, 'i']"},
        {"{% set d = {'b': 1, 'a': 2} %}{{ d.items() | list }} {{ d.keys() | list }} {{ d.values() "
         "| list }} {% set _ = d.update({'c': 3}) %}{% set _ = d.update(e=4) %}{{ d }} {{ "
         "d.pop('a') }} {{ d.pop('zz', 'none') }} {{ d }} {{ d.setdefault('b', 9) }} {{ "
         "d.setdefault('n', 9) }} {{ d.copy() == d }}",
         "[('b', 1), ('a', 2)] ['b', 'a'] [1, 2] {'b': 1, 'a': 2, 'c': 3, 'e': 4} 2 none {'b': 1, "
         "'c': 3, 'e': 4} 1 9 True"},
        {"{% set d = {'x': {'y': 1}} %}{% for k, v in d.items() %}{{ k }}={{ v.y }}{% endfor %} {{ "
         "dict(a=1, b=[2]) }} {{ dict([('k', 'v')]) }} {{ dict({'a': 1}, b=2) }}",
         "x=1 {'a': 1, 'b': [2]} {'k': 'v'} {'a': 1, 'b': 2}"},
        {"{% set a = [1] %}{% set b = a %}{% set _ = b.append(2) %}{{ a }}", "[1, 2]"},
    });
}

TEST(Jinja, Loops) {
    expect_renders({
        {"{% for i in [1, 2, 3] %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ "
         "loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.depth }}{{ "
         "loop.depth0 }};{% endfor %}",
         "1032TrueFalse310;2121FalseFalse310;3210FalseTrue310;"},
        {"{% for i in 'abc' %}{{ loop.previtem | default('-') }}{{ i }}{{ loop.nextitem | "
         "default('-') }} {% endfor %}",
         "-ab abc bc- "},
        {"{% for i in [] %}x{% else %}empty{% endfor %} {% for i in foo %}x{% else %}none{% endfor "
         "%} {% for i in [1, 2, 3] if i > 5 %}x{% else %}filtered{% endfor %}",
         "empty none filtered"},
        {"{% for i in range(10) if i % 2 %}{{ i }}/{{ loop.length }} {% endfor %}",
         "1/5 3/5 5/5 7/5 9/5 "},
        {"{% for i in range(10) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 5 %}{% break "
         "%}{% endif %}{{ i }}{% endfor %}",
         "0134"},
        {"{% for a, b in [(1, 2), [3, 4]] %}{{ a }}-{{ b }} {% endfor %}{% for a, (b, c) in [(1, "
         "(2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}",
         "1-2 3-4 123"},
        {"{% for k in {'a': 1, 'b': 2} %}{{ k }}{% endfor %}{% for k, v in {'a': 1}.items() %}{{ k "
         "}}{{ v }}{% endfor %}{% for k, v in {'a': 1} | items %}{{ k }}{{ v }}{% endfor %}",
         "aba1a1"},
        {"{% for i in range(4) %}{{ loop.cycle('a', 'b', 'c') }}{% endfor %} {% for i in [1, 1, 2] "
         "%}{{ loop.changed(i) }} {% endfor %}",
         "abca True False True "},
        {"{% for i in [[1, [2]], [3]] recursive %}{% if i is iterable %}({{ loop(i) }}){% else "
         "%}{{ i }}@{{ loop.depth }}{% endif %}{% endfor %}",
         "(1@2(2@3))(3@2)"},
        {"{% for i in range(3) %}{% for j in range(2) %}{{ loop.index }}{% endfor %}{{ loop.index "
         "}} {% endfor %}",
         "121 122 123 "},
        {"{{ range(3) | list }} {{ range(1, 4) | list }} {{ range(5, 0, -2) | list }} {{ range(0) "
         "| list }} {% for i in range(2, 4) %}{{ i }}{% endfor %}",
         "[0, 1, 2] [1, 2, 3] [5, 3, 1] [] 23"},
        {"{% for i in (1, 2) %}{{ i }}{% endfor %}{% for i in 1, 2 %}{{ i }}{% endfor %}", "1212"},
    });
}

TEST(Jinja, ScopesAreJinjas) {
    expect_renders({
        {"{% set x = 1 %}{% for i in [1, 2] %}{% set x = x + i %}{{ x }}{% endfor %}{{ x }}",
         "231"},
        {"{% set x = 1 %}{% if true %}{% set x = 2 %}{% set y = 3 %}{% endif %}{{ x }}{{ y }}",
         "23"},
        {"{% set ns = namespace(x=0, l=[]) %}{% for i in [1, 2, 3] %}{% set ns.x = ns.x + i %}{% "
         "endfor %}{{ ns.x }} {{ ns.y is defined }}",
         "6 False"},
        {"{% for i in [1] %}{% set y = 5 %}{% endfor %}{{ y is defined }} {{ loop is defined }} {{ "
         "i is defined }}",
         "False False False"},
        {"{% set i = 'o' %}{% for i in [1] %}{{ i }}{% endfor %}{{ i }}", "1o"},
        {"{% macro m(a, b=2, c=a) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(1) }} {{ m(1, c=3) }} "
         "{{ m(b=5, a=4) }} {{ m('x', 'y', 'z') }} {{ m() }}",
         "121 123 454 xyz 2"},
        {"{% set g = 1 %}{% macro m() %}{{ g }}{% set g = 5 %}{{ g }}{% endmacro %}{{ m() }}{{ g "
         "}}{% set g = 2 %}{{ m() }}",
         "15125"},
        {"{% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}",
         "3210"},
        {"{% macro outer(x) %}[{{ caller(x) }}{{ caller('z') }}]{% endmacro %}{% call(y) "
         "outer('q') %}<{{ y }}>{% endcall %}",
         "[<q><z>]"},
        {"{% macro m() %}{{ caller is defined }}{% endmacro %}{{ m() }}{% call m() %}{% endcall %}",
         "FalseTrue"},
        {"{% set a %}x{{ 1 + 1 }}{% endset %}{{ a }}{{ a | length }}{% set b | upper | trim %} abc "
         "{% endset %}|{{ b }}|",
         "x22|ABC|"},
        {"{% set x = 1 %}{% set a %}{% set x = 2 %}{{ x }}{% endset %}{{ a }}{{ x }}", "21"},
        {"{% with a = 1, b = 2 %}{{ a }}{{ b }}{% endwith %}{{ a is defined }}{% set a = 3 %}{% "
         "with a = 4, b = a %}{{ a }}{{ b }}{% endwith %}{{ a }}",
         "12False433"},
        {"{% filter upper %}a{{ 'b' }}{% endfilter %}{% filter replace('a', 'b') | upper %}xaz{% "
         "endfilter %}",
         "ABXBZ"},
        {"{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set a, b = b, a %}{{ a }}{{ b }}{% set t = 1, %}{{ "
         "t }}",
         "1221(1,)"},
        {"{% set ns = namespace() %}{% set ns.f = 'v' %}{{ ns.f }}{% set ns.n = namespace(x=1) "
         "%}{{ ns.n.x }}",
         "v1"},
        {"{% generation %}{% set q = 1 %}{{ q }}{% endgeneration %}", "1"},
        {"{% set f = 1 %}{% for i in [1, 2] %}{{ f }}{% set f = 2 %}{{ f }}{% endfor %}", "1212"},
    });
}

TEST(Jinja, WhiteSpaceControl) {
    expect_renders({
        {"a\n  {% if true %}\n  b\n  {% endif %}\nc\n", "a\n  b\nc"},
        {"a  {%- if true -%}  b  {%- endif -%}  c", "abc"},
        {"a\n  {%+ if true %}\n  b\n  {%+ endif %}\nc", "a\n    b\n  c"},
        {"  {# comment #}\n  x {# c #} y\n{#- c -#}  z", "  x  yz"},
        {"{{ 1 }}\n{{- 2 -}}\n{{ 3 }}\n\n", "123\n"},
        {"x\n\n\n{%- set a = 1 %}\n\n{{ a }}\n", "x\n1"},
        {"  {{ 1 }}\n  {{- 2 }}", "  12"},
        {"{% set a = 1 %}  {% set b = 2 %}\n  {% set c = 3 +%}\nx", "  \nx"},
        {"a\r\n{% if true %}\r\nb\r\n{% endif %}\rc", "a\nb\nc"},
        {"{% raw %}{{ x }}{% if %}{# #}{% endraw %}", "{{ x }}{% if %}{# #}"},
        {"  {% raw -%}  {{ x }}  {%- endraw %}  y", "{{ x }}  y"},
        {"a\n  {% raw %}\n b\n  {% endraw %}\nc", "a\n\n b\nc"},
        {"{{ '{{' }}{{ '}}' }}{{ '%}' }} { { } } {", "{{}}%} { { } } {"},
        {"{{ {'a': {'b': 1}}['a']['b'] }}{{ {'a': {}} }}", "1{'a': {}}"},
        {"\n", ""},
        {"\n\n", "\n"},
        {"", ""},
        {" {%- set x = 1 -%} ", ""},
        {"\343\200\200{%- set x = 1 -%}\302\240y", "y"},
        {"{#- a -#} b {#+ c +#} d", "b  d"},
        {"a{#\n#}\nb", "ab"},
        {"{% if true %}x{% endif %}\n\ny", "x\ny"},
        {"{%if true%}x{%endif%}", "x"},
        {"{{1}}{{2}}{%-if true-%} y {%-endif-%}", "12y"},
        {"{{-1}}", "1"},
        {"a {{-1-}} b", "a1b"},
    });
}

TEST(Jinja, Filters) {
    expect_renders({
        {"{{ ' a '|trim }}|{{ 'xax'|trim('x') }}|{{ 12|trim }}|{{ none|trim }}", "a|a|12|None"},
        {"{{ 'aBc'|upper }}{{ 'aBc'|lower }}{{ 'aBc dEF-gh (ij'|title }}{{ 'aBc DEF'|capitalize }}",
         "ABCabcAbc Def-Gh (IjAbc def"},
        {"{{ 'aXb'|replace('X', 'Y') }}{{ 'aaa'|replace('a', 'b', 2) }}{{ 123|replace(2, 5) }}",
         "aYbbba153"},
        {"{{ [1, 2, 3]|join }} {{ [1, none, 'a']|join(', ') }} {{ 'abc'|join('-') }} {{ [{'a': 1}, "
         "{'a': 2}]|join('+', attribute='a') }} {{ {'a': 1, 'b': 2}|join(',') }} {{ []|join }}",
         "123 1, None, a a-b-c 1+2 a,b "},
        {"{{ 'abc'|length }} {{ [1, 2]|length }} {{ {'a': 1}|count }} {{ 'é😀'|length }} {{ "
         "foo|length }} {{ ()|length }}",
         "3 2 1 2 0 0"},
        {"{{ [3, 1, 2]|sort }} {{ ['b', 'A', 'c']|sort }} {{ ['b', 'A']|sort(case_sensitive=true) "
         "}} {{ [1, 2]|sort(reverse=true) }} {{ [{'a': 2}, {'a': 1}]|sort(attribute='a') }} {{ "
         "'bca'|sort }}",
         "[1, 2, 3] ['A', 'b', 'c'] ['A', 'b'] [2, 1] [{'a': 1}, {'a': 2}] ['a', 'b', 'c']"},
        {"{{ [1, 1, 2, 'a', 'A', 'b']|unique|list }} {{ ['a', "
         "'A']|unique(case_sensitive=true)|list }} {{ [{'x': 1}, {'x': "
         "1}]|unique(attribute='x')|list }}",
         "[1, 2, 'a', 'b'] ['a', 'A'] [{'x': 1}]"},
        {"{{ [3, 1]|min }} {{ [3, 1]|max }} {{ ['b', 'A']|min }} {{ []|max is defined }} {{ [1, 2, "
         "3]|sum }} {{ [{'a': 1}, {'a': 4}]|sum(attribute='a') }} {{ []|sum }} {{ [1.5, "
         "2]|sum(start=1) }} {{ [{'a': 2}, {'a': 5}]|max(attribute='a') }}",
         "1 3 A False 6 5 0 4.5 {'a': 5}"},
        {"{{ [1, 2]|first }} {{ [1, 2]|last }} {{ 'abc'|first }} {{ 'abc'|last }} {{ []|first is "
         "defined }} {{ {'k': 1}|first }} {{ range(3)|last }}",
         "1 2 a c False k 2"},
        {"{{ [1, 2]|reverse|list }} {{ 'abé'|reverse }} {{ 'abc'|list }} {{ {'a': 1}|list }} {{ "
         "(1, 2)|list }}",
         "[2, 1] éba ['a', 'b', 'c'] ['a'] [1, 2]"},
        {"{{ '42'|int }} {{ 'x'|int }} {{ 'x'|int(7) }} {{ '3.9'|int }} {{ 3.9|int }} {{ -3.9|int "
         "}} {{ ' 5 '|int }} {{ 'ff'|int(base=16) }} {{ true|int }} {{ none|int }} {{ "
         "[]|int(default=1) }} {{ '1e3'|int }}",
         "42 0 7 3 3 -3 5 255 1 0 1 1000"},
        {"{{ '4.5'|float }} {{ 'x'|float }} {{ 4|float }} {{ 'x'|float(1.5) }} {{ '1e3'|float }} "
         "{{ -4|abs }} {{ -4.5|abs }} {{ 2.5|round }} {{ 3.5|round }} {{ 2.567|round(2) }} {{ "
         "2.1|round(0, 'ceil') }} {{ 2.9|round(method='floor') }} {{ 1234|round(-2) }} {{ 5|round "
         "}}",
         "4.5 0.0 4.0 1.5 1000.0 4 4.5 2.0 4.0 2.57 3.0 2.0 1200 5"},
        {"{{ 'a\nb\n\nc'|indent }}|{{ 'a\nb'|indent(2, true) }}|{{ 'a\n\nb'|indent(2, blank=true) "
         "}}|{{ 'a\nb'|indent('> ') }}|{{ 'a\n'|indent(1) }}|{{ ''|indent(2, first=true) }}|",
         "a\n    b\n\n    c|  a\n  b|a\n  \n  b|a\n> b|a\n|  |"},
        {"{{ {'b': 1, 'a': 2, 'C': 3}|dictsort }} {{ {'b': 1, 'a': 2}|dictsort(by='value') }} {{ "
         "{'b': 1, 'a': 2}|dictsort(reverse=true) }} {{ {'b': 1, 'A': 2}|dictsort(true) }}",
         "[('a', 2), ('b', 1), ('C', 3)] [('b', 1), ('a', 2)] [('b', 1), ('a', 2)] [('A', 2), "
         "('b', 1)]"},
        {"{{ [{'r': 'u', 'n': 1}, {'r': 'a', 'n': 2}]|selectattr('r', 'equalto', 'u')|list }} {{ "
         "[{'a': 1}, {}]|selectattr('a')|list }} {{ [{'a': 1}, {}]|rejectattr('a', 'defined')|list "
         "}} {{ [1, 2, 3, 4]|select('even')|list }} {{ [1, 2, 3]|reject('odd')|list }} {{ [0, 1, "
         "'']|select|list }} {{ none|select|list }} {{ ['a', 'b']|select('in', 'bcd')|list }} {{ "
         "[1, 5]|select('gt', 2)|list }}",
         "[{'r': 'u', 'n': 1}] [{'a': 1}] [{}] [2, 4] [2] [1] [] ['b'] [5]"},
        {"{{ [{'a': {'b': 1}}, {'a': {'b': 2}}]|map(attribute='a.b')|list }} {{ ['a', "
         "'b']|map('upper')|list }} {{ ['a,b']|map('replace', ',', ';')|join }} {{ [{'a': 1}, "
         "{}]|map(attribute='a', default=0)|list }} {{ [[1, 2], [3]]|map(attribute=0)|list }} {{ "
         "[[1, 2]]|map('join', '-')|list }} {{ none|map('upper')|list }}",
         "[1, 2] ['A', 'B'] a;b [1, 0] [1, 3] ['1-2'] []"},
        {"{% for k, v in [{'t': 'b', 'n': 1}, {'t': 'a', 'n': 2}, {'t': 'B', 'n': 3}]|groupby('t') "
         "%}{{ k }}:{{ v|map(attribute='n')|list }};{% endfor %}",
         "a:[2];b:[1, 3];"},
        {"{{ foo|default('x') }} {{ ''|default('x') }} {{ ''|default('x', true) }} {{ "
         "none|default('x') }} {{ none|d('x', boolean=true) }} {{ foo|default }}| {{ 0|default(1, "
         "true) }}",
         "x  x None x | 1"},
        {"{{ 1|string + 'a' }} {{ none|string }} {{ [1]|string }} {{ '<b>'|safe }} {{ {'a': "
         "1}|items|list }} {{ foo|items|list }}",
         "1a None [1] <b> [('a', 1)] []"},
    });
}

TEST(Jinja, Json) {
    expect_renders({
        {"{{ {'a': 1, 'b': [1.5, true, false, none, 'é\"\\\\\\n\\x01'], 'c': {}, 'd': []}|tojson "
         "}}",
         "{\"a\": 1, \"b\": [1.5, true, false, null, \"é\\\"\\\\\\n\\u0001\"], \"c\": {}, \"d\": "
         "[]}"},
        {"{{ {'a': [1, {'b': 2}], 'e': [], 'f': {}}|tojson(indent=2) }}",
         "{\n  \"a\": [\n    1,\n    {\n      \"b\": 2\n    }\n  ],\n  \"e\": [],\n  \"f\": {}\n}"},
        {"{{ {'b': 1, 'a': 'é<&>\\'😀'}|tojson(sort_keys=true) }} {{ 'é😀'|tojson(ensure_ascii=true) "
         "}} {{ [1, 2]|tojson(separators=(',', ':')) }} {{ {'a': 1}|tojson(indent=1, "
         "separators=(', ', ' = ')) }} {{ [1]|tojson(indent=0) }}",
         "{\"a\": \"é<&>'😀\", \"b\": 1} \"\\u00e9\\ud83d\\ude00\" [1,2] {\n \"a\" = 1\n} [\n1\n]"},
        {"{{ {1: 2, none: 3, true: 4, 1.5: 5}|tojson }} {{ (1, 2)|tojson }} {{ 1e20|tojson }} {{ "
         "'\\u2028\\x7f'|tojson }} {{ [[], [[]]]|tojson(indent=4) }}",
         "{\"1\": 4, \"null\": 3, \"1.5\": 5} [1, 2] 1e+20 \"\342\200\250\177\" [\n    [],\n    "
         "[\n        []\n    ]\n]"},
        {"{{ ('{\"b\": [1, 2.5, null, true], \"a\": {\"x\": \"y\"}}'|from_json).b }} {{ ('{\"b\": "
         "1, \"a\": 2}'|from_json) }}",
         "[1, 2.5, None, True] {'b': 1, 'a': 2}"},
    });
}

TEST(Jinja, Tests) {
    expect_renders({
        {"{% for v in [none, true, 1, 1.5, 'a', [1], (1,), {'a': 1}, foo] %}{{ v is none }}{{ v is "
         "boolean }}{{ v is integer }}{{ v is float }}{{ v is number }}{{ v is string }}{{ v is "
         "mapping }}{{ v is iterable }}{{ v is sequence }}{{ v is defined }}{{ v is undefined }}{{ "
         "v is true }}{{ v is false }}{{ v is callable }};{% endfor %}",
         "TrueFalseFalseFalseFalseFalseFalseFalseFalseTrueFalseFalseFalseFalse;"
         "FalseTrueFalseFalseTrueFalseFalseFalseFalseTrueFalseTrueFalseFalse;"
         "FalseFalseTrueFalseTrueFalseFalseFalseFalseTrueFalseFalseFalseFalse;"
         "FalseFalseFalseTrueTrueFalseFalseFalseFalseTrueFalseFalseFalseFalse;"
         "FalseFalseFalseFalseFalseTrueFalseTrueTrueTrueFalseFalseFalseFalse;"
         "FalseFalseFalseFalseFalseFalseFalseTrueTrueTrueFalseFalseFalseFalse;"
         "FalseFalseFalseFalseFalseFalseFalseTrueTrueTrueFalseFalseFalseFalse;"
         "FalseFalseFalseFalseFalseFalseTrueTrueTrueTrueFalseFalseFalseFalse;"
         "FalseFalseFalseFalseFalseFalseFalseTrueTrueFalseTrueFalseFalseTrue;"},
        {"{{ 4 is even }} {{ 4 is odd }} {{ 9 is divisibleby 3 }} {{ 9 is divisibleby(2) }} {{ 1 "
         "is eq 1 }} {{ 1 is ne 2 }} {{ 2 is gt 1 }} {{ 2 is lt 1 }} {{ 1 is in [1, 2] }} {{ 'a' "
         "is lower }} {{ 'A' is upper }} {{ 'a' is equalto 'a' }} {{ 1 is ge 1 }} {{ 1 is le 0 }} "
         "{{ none is sameas none }} {{ true is sameas true }}",
         "True False True False True True True False True True True True True False True True"},
        {"{{ foo is not defined }} {{ 1 is not none and 2 is number }} {{ not 1 is string }} {{ "
         "'a' is string or foo.x }} {{ [1] is iterable and [1] is not string }} {{ 1 is string }}",
         "True True True True True False"},
        {"{{ 'x' if foo is defined else 'y' }} {{ (foo is defined)|string }} {{ namespace is "
         "callable }} {{ range is callable }}",
         "y False True True"},
    });
}

TEST(Jinja, Times) {
    expect_renders({
        {"{{ strftime_now('%Y-%m-%d %d %b %Y %H:%M:%S %A %a %B %j %y %I %p %e %% %-d') }}",
         "2024-11-20 20 Nov 2024 12:00:00 Wednesday Wed November 325 24 12 PM 20 % 20"},
        {"{{ strftime_now('%F %T %D %R') }}", "2024-11-20 12:00:00 11/20/24 12:00"},
        {"{{ strftime_now('') }}|{{ strftime_now('plain') }}|{{ strftime_now('50%') }}",
         "|plain|50%"},
    });
}

TEST(Jinja, ErrorsAreRaised) {
    expect_errors({
        {"{{ foo.bar }}", "'foo' is undefined"},
        {"{{ foo['bar'] }}", "'foo' is undefined"},
        {"{{ foo() }}", "'foo' is undefined"},
        {"{{ foo + 1 }}", "'foo' is undefined"},
        {"{{ 1 + 'a' }}", "unsupported operand type(s) for +: 'int' and 'str'"},
        {"{{ 'a' + 1 }}", "can only concatenate str (not \"int\") to str"},
        {"{{ 'a' < 1 }}", "'<' not supported between instances of 'str' and 'int'"},
        {"{{ 1 in 'a' }}", "'in <string>' requires string as left operand, not int"},
        {"{{ 1 in 5 }}", "argument of type 'int' is not iterable"},
        {"{{ none.x.y }}", "'None' has no attribute 'x'"},
        {"{{ {}.a.b }}", "'dict object' has no attribute 'a'"},
        {"{{ {'a': 1}.a.b.c }}", "'int object' has no attribute 'b'"},
        {"{{ [1][5].x }}", "list object has no element 5"},
        {"{% for i in 5 %}{% endfor %}", "'int' object is not iterable"},
        {"{{ 1 // 0 }}", "division by zero"},
        {"{{ 1 % 0 }}", "division by zero"},
        {"{{ 1 / 0 }}", "division by zero"},
        {"{{ 5() }}", "'int' object is not callable"},
        {"{{ -'a' }}", "bad operand type for unary -: 'str'"},
        {"{{ 5|length }}", "object of type 'int' has no len()"},
        {"{{ [1, 'a']|sort }}", "'<' not supported between instances of 'str' and 'int'"},
        {"{{ foo|tojson }}", "Object of type Undefined is not JSON serializable"},
        {"{{ raise_exception('Own words: é') }}", "Own words: é"},
        {"{% set x = 1 %}{% set x.y = 2 %}", "cannot assign attribute on non-namespace object"},
        {"{{ {[]: 1} }}", "unhashable type: 'list'"},
        {"{{ [].pop() }}", "pop from empty list"},
        {"{{ {}.pop('a') }}", "no such key"},
        {"{% for a, b in [1] %}{% endfor %}", "'int' object is not iterable"},
        {"{% for a, b in [(1, 2, 3)] %}{% endfor %}", "too many values to unpack (expected 2)"},
        {"{{ 'a'.split('') }}", "empty separator"},
        {"{{ [1, 2][::0] }}", "slice step cannot be zero"},
        {"{{ 'a'|nofilter }}", "No filter named 'nofilter'"},
        {"{{ 1 is notest }}", "No test named 'notest'"},
        {"{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}",
         "macro 'm' takes not more than 1 argument(s)"},
        {"{% macro m(a) %}{% endmacro %}{{ m(b=2) }}", "macro 'm' takes no keyword argument 'b'"},
        {"{{ foo|abs }}", "'foo' is undefined"},
        {"{{ range }}{{ range(1, 2, 0) }}", "range() arg 3 must not be zero"},
        {"{% if foo.bar %}{% endif %}", "'foo' is undefined"},
        {"{{ foo.bar is defined }}", "'foo' is undefined"},
        {"{{ foo - 1 }}", "'foo' is undefined"},
        {"{{ foo < 1 }}", "'foo' is undefined"},
        {"{{ [1, 2]|map('nofilter')|list }}", "No filter named 'nofilter'"},
        {"{{ 'x'.join([1]) }}", "sequence item 0: expected str instance, int found"},
        {"{{ {'a': foo}|tojson }}", "Object of type Undefined is not JSON serializable"},
        {"{{ none|list }}", "'NoneType' object is not iterable"},
        {"{{ ('x' if false).y }}",
         "the inline if-expression evaluated to false and no else section was defined."},
        {"{{ none + 1 }}", "unsupported operand type(s) for +: 'NoneType' and 'int'"},
        {"{{ {}[[]] is defined }}{{ {}.x.y }}", "'dict object' has no attribute 'x'"},
    });
}

TEST(Jinja, SyntaxErrors) {
    expect_refused({
        "{{",
        "{{ 1",
        "{% if %}",
        "{% if 1 %}",
        "{% endif %}",
        "{% for x y %}{% endfor %}",
        "{{ 1 + }}",
        "{{ (1 }}",
        "{{ 1) }}",
        "{{ [1 }}",
        "{% foo %}",
        "{{ 'abc }}",
        "{# c",
        "{% raw %} x",
        "{% set x %}",
        "{% macro %}{% endmacro %}",
        "{{ a b }}",
        "{{ 1 is }}",
        "{{ a | }}",
        "{{ a. }}",
        "{{ a[] }}",
        "{% for x in y %}{% endif %}{% endfor %}",
        "{% set 1 = 2 %}",
        "{% set true = 2 %}",
        "{{ f(a=1, 2) }}",
        "{{ {1} }}",
        "{{ ! }}",
        "{{ $ }}",
        "{% break %}",
        "{% else %}",
        "{% if a %}{% else %}{% else %}{% endif %}",
        "{{}}",
        "{% %}",
        "{{ a is b is c }}",
        "{% macro f(a=1, b) %}{% endmacro %}",
        "{% include 'x' %}",
        "{% import 'os' as os %}",
        "{{ a.b. }}",
        "{% set x = %}",
        "{% call 5 %}{% endcall %}",
        "{% extends 'x' %}",
    });
}

}  // namespace
}  // namespace hearth::jinja
