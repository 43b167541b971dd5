using System.Text;

namespace PoolProxy.Core.Admin.Language;

/// <summary>
/// Cuts the text of a Query or Parse into statements at each <c>;</c>, and those into tokens. Comments (<c>--</c> and nested <c>/* */</c>)
/// are blanks. The text is bounded by its message (<see cref="ConsoleInput.MaxMessageBytes"/>).
/// </summary>
internal ref struct Scanner
{
    private readonly ReadOnlySpan<char> _text;
    private int _at;

    private Scanner(ReadOnlySpan<char> text) => _text = text;

    /// <summary>The statements, none of them empty; false when a quote or a comment does not end.</summary>
    public static bool TryScan(string text, out List<List<Token>> statements)
    {
        statements = [];
        var scanner = new Scanner(text);
        var statement = new List<Token>();
        while (true)
        {
            if (!scanner.TrySkipBlanks())
            {
                return false;
            }

            if (scanner.IsAtEnd || scanner._text[scanner._at] == ';')
            {
                if (statement.Count > 0)
                {
                    statements.Add(statement);
                    statement = [];
                }

                if (scanner.IsAtEnd)
                {
                    return true;
                }

                scanner._at++;
            }
            else if (scanner.TryTake(out var token))
            {
                statement.Add(token);
            }
            else
            {
                return false;
            }
        }
    }

    private readonly bool IsAtEnd => _at >= _text.Length;

    private static bool IsWordPart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_' || c > 127;

    private bool TrySkipBlanks()
    {
        while (!IsAtEnd)
        {
            var rest = _text[_at..];
            if (char.IsWhiteSpace(rest[0]))
            {
                _at++;
            }
            else if (rest.StartsWith("--"))
            {
                var end = rest.IndexOfAny('\n', '\r');
                _at = end < 0 ? _text.Length : _at + end;
            }
            else if (!rest.StartsWith("/*"))
            {
                return true;
            }
            else if (!TrySkipComment())
            {
                return false;
            }
        }

        return true;
    }

    private bool TrySkipComment()
    {
        var depth = 0;
        while (_at + 1 < _text.Length)
        {
            var pair = _text.Slice(_at, 2);
            var step = pair.SequenceEqual("/*") ? 1 : pair.SequenceEqual("*/") ? -1 : 0;
            depth += step;
            _at += step == 0 ? 1 : 2;
            if (depth == 0)
            {
                return true;
            }
        }

        return false;
    }

    private bool TryTake(out Token token)
    {
        var first = _text[_at];
        if (first is '"' or '\'')
        {
            return TryTakeQuoted(first, out token);
        }

        var length = 1;
        if (IsWordPart(first))
        {
            while (_at + length < _text.Length && IsWordPart(_text[_at + length]))
            {
                length++;
            }
        }

        token = new Token(IsWordPart(first) ? TokenKind.Word : TokenKind.Symbol, _text.Slice(_at, length).ToString());
        _at += length;
        return true;
    }

    /// <summary>A doubled quote inside stands for one.</summary>
    private bool TryTakeQuoted(char quote, out Token token)
    {
        var text = new StringBuilder();
        for (var i = _at + 1; i < _text.Length; i++)
        {
            if (_text[i] != quote)
            {
                text.Append(_text[i]);
            }
            else if (i + 1 < _text.Length && _text[i + 1] == quote)
            {
                text.Append(quote);
                i++;
            }
            else
            {
                _at = i + 1;
                token = new Token(quote == '"' ? TokenKind.QuotedName : TokenKind.Literal, text.ToString());
                return true;
            }
        }

        token = default;
        return false;
    }
}
