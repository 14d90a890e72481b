"""Small sums, times tables, word problems with the step shown, counting, comparing, sequences."""
from core import A, BOYS, GIRLS, S, SYSTEMS, U, Ctx, user_style

THINGS = 'apples pears eggs coins marbles books stamps buttons cookies pencils shells stickers balls plums candles cards nuts flowers'.split()
W = 'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split()
OPQ = ['What is {e}?', '{e}', '{e} = ?', 'How much is {e}?', 'Calculate {e}.', 'What does {e} make?', 'Can you work out {e}?', 'Tell me {e}.', '{e}?', 'whats {e}', 'Please solve {e}.', 'I need {e}.', 'compute {e}']


def op(c):
    k = c.pick('++--**/hdp')
    if k == '+':
        m = c.pick([10, 20, 50, 100, 100, 500])
        a, b = c.int(0, m), c.int(0, m)
        e, r, w = c.pick(['%d + %d', '%d plus %d', '%d+%d']) % (a, b), a + b, '%d + %d = %d' % (a, b, a + b)
        if a > 9 and b > 9 and c.chance(0.4):
            t = b // 10 * 10
            if t and t != b:
                return e, r, '%d + %d = %d, and %d + %d = %d' % (a, t, a + t, a + t, b - t, r)
    elif k == '-':
        m = c.pick([10, 20, 50, 100, 100, 500])
        a = c.int(1, m)
        b = c.int(0, a)
        e, r = c.pick(['%d - %d', '%d minus %d', '%d-%d']) % (a, b), a - b
        w = '%d - %d = %d' % (a, b, r)
        if b > 10 and b % 10 and c.chance(0.4):
            t = b // 10 * 10
            return e, r, '%d - %d = %d, and %d - %d = %d' % (a, t, a - t, a - t, b - t, r)
    elif k == '*':
        a, b = c.int(0, 12), c.int(0, 12)
        e, r, w = c.pick(['%d * %d', '%d x %d', '%d times %d', '%d multiplied by %d']) % (a, b), a * b, '%d x %d = %d' % (a, b, a * b)
    elif k == '/':
        a, b = c.int(1, 12), c.int(1, 12)
        e, r, w = c.pick(['%d / %d', '%d divided by %d']) % (a * b, b), a, '%d / %d = %d' % (a * b, b, a)
    elif k == 'h':
        a = c.int(1, 50)
        e, r, w = 'half of %d' % (2 * a), a, '%d / 2 = %d' % (2 * a, a)
    elif k == 'd':
        a = c.int(1, 100)
        e, r, w = c.pick(['twice %d', 'double %d']) % a, 2 * a, '2 x %d = %d' % (a, 2 * a)
    else:
        a, b, d = c.int(1, 20), c.int(1, 20), c.int(1, 20)
        e, r = '%d + %d + %d' % (a, b, d), a + b + d
        w = '%d + %d = %d, and %d + %d = %d' % (a, b, a + b, a + b, d, r)
    return e, r, w


def sum_(c):
    e, r, w = op(c)
    q = c.pick(OPQ).replace('{e}', e)
    a = c.pick([w + '.', w + '.', '%d.' % r, '%d' % r, 'That is %d.' % r, 'It is %d.' % r, 'The answer is %d.' % r, w[0].upper() + w[1:] + '.'])
    return q, a


def word(c):
    n, m = c.sample(GIRLS + BOYS, 2)
    he = 'she' if n in GIRLS else 'he'
    t = c.pick(THINGS)
    k = c.int(0, 9)
    a, b = c.int(2, 40), c.int(2, 30)
    if k in (0, 1):
        v = c.pick([('gets', 'more'), ('finds', 'more'), ('buys', 'more'), ('is given', 'more')])
        return ('%s has %d %s and %s %d %s. How many %s does %s have now?' % (n, a, t, v[0], b, v[1], t, he), '%d + %d = %d. %s has %d %s now.' % (a, b, a + b, n, a + b, t))
    if k in (2, 3):
        a += b
        v = c.pick(['gives %d to %s' % (b, m), 'loses %d' % b, 'sells %d' % b, 'gives away %d' % b])
        return ('%s has %d %s and %s. How many are left?' % (n, a, t, v), '%d - %d = %d. There are %d %s left.' % (a, b, a - b, a - b, t))
    if k == 4:
        a, b = c.int(2, 10), c.int(2, 10)
        box = c.pick(['boxes', 'bags', 'baskets'])
        return ('There are %d %s with %d %s in each. How many %s are there?' % (a, box, b, t, t), '%d x %d = %d. There are %d %s.' % (a, b, a * b, a * b, t))
    if k == 5:
        a, b = c.int(2, 10), c.int(2, 8)
        return ('%d %s are shared equally among %d children. How many does each child get?' % (a * b, t, b), '%d / %d = %d. Each child gets %d.' % (a * b, b, a, a))
    if k == 6:
        if a == b:
            b += 1
        hi, lo = max(a, b), min(a, b)
        return ('%s has %d %s and %s has %d. Who has more?' % (n, a, t, m, b), '%s has more, because %d is greater than %d.' % (n if a > b else m, hi, lo))
    if k == 7:
        if a == b:
            a += 1
        hi, lo = max(a, b), min(a, b)
        return ('%s is %d years old and %s is %d. How many years apart are they?' % (n, a, m, b), '%d - %d = %d. They are %d year%s apart.' % (hi, lo, hi - lo, hi - lo, '' if hi - lo == 1 else 's'))
    if k == 8:
        p, q = c.int(2, 9), c.int(2, 9)
        return ('One ticket costs %d dollars. What do %d tickets cost?' % (p, q), '%d x %d = %d. They cost %d dollars.' % (q, p, p * q, p * q))
    p = c.int(2, 18)
    return ('%s pays with 20 dollars for something that costs %d dollars. How much change does %s get?' % (n, p, he), '20 - %d = %d. The change is %d dollars.' % (p, 20 - p, 20 - p))


def misc(c):
    k = c.int(0, 9)
    a, b = c.int(0, 200), c.int(0, 200)
    if k == 0:
        if a == b:
            b += 1
        return c.pick(['Which is bigger, %d or %d?', 'Which number is larger: %d or %d?', 'What is more, %d or %d?']) % (a, b), c.pick(['%d is bigger.', '%d.', '%d is greater.']) % max(a, b) if not c.chance(0.4) else '%d is bigger than %d.' % (max(a, b), min(a, b))
    if k == 1:
        if a == b:
            b += 1
        return 'Which is smaller, %d or %d?' % (a, b), c.pick(['%d is smaller.', '%d.']) % min(a, b)
    if k == 2:
        s, n = c.int(1, 30), c.int(4, 10)
        return c.pick(['Count from %d to %d.', 'Can you count from %d to %d?', 'Please count from %d up to %d.']) % (s, s + n), ', '.join(map(str, range(s, s + n + 1))) + '.'
    if k == 3:
        n = c.int(5, 12)
        return c.pick(['Count down from %d.', 'Count backwards from %d.']) % n, ', '.join(map(str, range(n, 0, -1))) + '.'
    if k == 4:
        s, d = c.int(1, 20), c.pick([1, 2, 3, 5, 10, 4])
        seq = [s + i * d for i in range(5)]
        return c.pick(['What comes next: %s?', 'Continue: %s', 'Which number comes next in %s?']) % ', '.join(map(str, seq[:4])), c.pick(['%d comes next, because each number is %d more than the one before.' % (seq[4], d), '%d.' % seq[4], 'The next number is %d.' % seq[4]])
    if k == 5:
        n = c.int(0, 100)
        return c.pick(['Is %d even or odd?', 'Is %d an even or an odd number?']) % n, ('%d is even.' if n % 2 == 0 else '%d is odd.') % n
    if k == 6:
        n = c.int(1, 99)
        return 'What number comes after %d?' % n, c.pick(['%d.', 'After that comes %d.', '%d comes next.']) % (n + 1)
    if k == 7:
        n = c.int(1, 99)
        return 'What number comes before %d?' % n, c.pick(['%d.', '%d comes before it.']) % (n - 1)
    if k == 8:
        n = c.int(0, 20)
        if c.chance(0.5):
            return c.pick(['Write %d as a word.', 'How do you write %d in words?']) % n, W[n].capitalize() + '.'
        return 'Write %s as a number.' % W[n], '%d' % n
    n = c.int(1, 12)
    m = c.int(4, 10)
    return c.pick(['Give me the %d times table.', 'What is the times table of %d?', 'Write the %d times table.']) % n, '\n'.join('%d x %d = %d' % (i, n, i * n) for i in range(1, 11))


def one(c):
    return c.pick([sum_, sum_, sum_, word, word, misc])(c)


def dialogue(rng):
    c = Ctx(rng)
    msgs = [S(c.pick(SYSTEMS))] if c.chance(0.12) else []
    for _ in range(c.pick([1, 2, 2, 3, 3, 4, 5])):
        q, a = one(c)
        msgs += [U(user_style(rng, q, typos=False)), A(a)]
    return msgs
