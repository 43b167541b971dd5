using System.Globalization;
using System.Text;

namespace PoolProxy.Testing.Wire;

/// <summary>Reads the notation of transcripts token by token: quoted bytes, numbers, words, parentheses and <c>=</c>.</summary>
internal sealed class NotationReader(string text)
{
    private int _position;

    /// <summary>Whether only blanks are left.</summary>
    public bool IsAtEnd
    {
        get
        {
            SkipBlanks();
            return _position == text.Length;
        }
    }

    /// <summary>The next character, NUL at the end.</summary>
    public char Next
    {
        get
        {
            SkipBlanks();
            return _position < text.Length ? text[_position] : '\0';
        }
    }

    /// <summary>Reads one character if it is the next.</summary>
    public bool TryRead(char character)
    {
        if (Next != character)
        {
            return false;
        }
        _position++;
        return true;
    }

    /// <summary>Reads one character that has to be there.</summary>
    public void Read(char character)
    {
        if (!TryRead(character))
        {
            throw Fault($"expected {character}");
        }
    }

    /// <summary>Reads a bare word or number.</summary>
    public string ReadWord()
    {
        SkipBlanks();
        int start = _position;
        while (_position < text.Length && (char.IsAsciiLetterOrDigit(text[_position]) || text[_position] is '-' or '_'))
        {
            _position++;
        }
        return _position > start ? text[start.._position] : throw Fault("expected a word or a number");
    }

    /// <summary>Reads a number.</summary>
    public long ReadNumber()
    {
        string word = ReadWord();
        return long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw Fault($"{word} is not a number");
    }

    /// <summary>Reads quoted bytes; what is not ASCII stands for its UTF-8 bytes.</summary>
    public byte[] ReadQuoted()
    {
        Read('"');
        var bytes = new List<byte>();
        while (true)
        {
            char character = Take();
            switch (character)
            {
                case '"':
                    return [.. bytes];
                case '\\':
                    bytes.Add(ReadEscape());
                    break;
                case < '\x80':
                    bytes.Add((byte)character);
                    break;
                default:
                    string letter = char.IsHighSurrogate(character) ? $"{character}{Take()}" : character.ToString();
                    bytes.AddRange(Encoding.UTF8.GetBytes(letter));
                    break;
            }
        }
    }

    /// <summary>A complaint that shows where the reading stopped.</summary>
    public FormatException Fault(string what) => new($"{what} at {_position} of: {text}");

    private byte ReadEscape()
    {
        char character = Take();
        return character switch
        {
            'n' => (byte)'\n',
            'r' => (byte)'\r',
            't' => (byte)'\t',
            '0' => 0,
            'x' => byte.Parse([Take(), Take()], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            '"' or '\\' => (byte)character,
            _ => throw Fault($"unknown escape \\{character}"),
        };
    }

    private char Take() => _position < text.Length ? text[_position++] : throw Fault("the text ends too early");

    private void SkipBlanks()
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position]))
        {
            _position++;
        }
    }
}
