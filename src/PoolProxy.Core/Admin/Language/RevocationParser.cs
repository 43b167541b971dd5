using PoolProxy.Core.Admin.Control;
using PoolProxy.Core.Errors;
using PoolProxy.Identity.Revocation;

namespace PoolProxy.Core.Admin.Language;

/// <summary>
/// REVOKE and UNREVOKE, whose words are those of the revocation file (<see cref="RevocationText"/>), and KILL IDENTITY. Somebody may paste the token itself
/// where its <c>jti</c> is asked for: that is refused here, before anything is logged.
/// </summary>
internal static class RevocationParser
{
    /// <summary>The statement; null, with or without an error of its own, where it is not understood.</summary>
    public static ConsoleStatement? Parse(List<Token> tokens, out ProxyError? error)
    {
        error = null;
        if (tokens.Exists(token => token.Kind == TokenKind.Literal && LooksLikeToken(token.Text)))
        {
            error = ConsoleErrors.TokenInCommand;
            return null;
        }

        if (tokens[0].Is("kill"))
        {
            return tokens[1].Is("identity") ? KillIdentity(tokens) : null;
        }

        var words = new List<RevocationWord>();
        foreach (var token in tokens.Skip(1))
        {
            if (token.Kind is not (TokenKind.Word or TokenKind.Literal))
            {
                return null;
            }

            words.Add(new RevocationWord(token.Text, token.Kind == TokenKind.Literal));
        }

        var text = string.Join(' ', words.Select(word => word.IsQuoted ? $"'{word.Text.Replace("'", "''", StringComparison.Ordinal)}'" : word.Text));
        return tokens[0].Is("revoke") ? new ConsoleStatement(new Revoke(words), text) : new ConsoleStatement(new Unrevoke(words), text);
    }

    // KILL IDENTITY 'sub' [ISSUER 'name']
    private static ConsoleStatement? KillIdentity(List<Token> tokens)
    {
        var hasIssuer = tokens.Count == 5 && tokens[3].Is("issuer") && tokens[4].Kind == TokenKind.Literal;
        if (tokens[2].Kind != TokenKind.Literal || (tokens.Count != 3 && !hasIssuer))
        {
            return null;
        }

        var command = new KillIdentity(tokens[2].Text, hasIssuer ? tokens[4].Text : null);
        return new ConsoleStatement(command, $"'{tokens[2].Text}'" + (hasIssuer ? $" issuer '{tokens[4].Text}'" : ""));
    }

    /// <summary>JSON that begins with a brace and a quote, in base64url, and a dot: the header of every JWT.</summary>
    private static bool LooksLikeToken(string text) => text.StartsWith("eyJ", StringComparison.Ordinal) && text.Contains('.', StringComparison.Ordinal);
}
