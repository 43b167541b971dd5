using System.Security.Cryptography;
using System.Text;

namespace PoolProxy.Testing.Wire;

/// <summary>
/// The client's side of password methods, written apart from the product's own so that a mistake there is not mirrored here. ASCII passwords only.
/// </summary>
internal static class PasswordAnswers
{
    /// <summary><c>md5</c> + md5(md5(password + user) + salt), protocol-flow.html#PROTOCOL-FLOW-START-UP.</summary>
    public static string Md5(string user, string password, ReadOnlySpan<byte> salt)
    {
        // The method is MD5 by its protocol's definition.
#pragma warning disable CA5351
        string inner = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(password + user)));
        return "md5" + Convert.ToHexStringLower(MD5.HashData([.. Encoding.UTF8.GetBytes(inner), .. salt]));
#pragma warning restore CA5351
    }

    /// <summary>The client-final-message of SCRAM-SHA-256 without channel binding (RFC 5802 §3), and the server signature to expect.</summary>
    public static (string Final, string ServerFinal) Scram(string password, string clientFirstBare, string serverFirst)
    {
        Dictionary<char, string> fields = serverFirst.Split(',').ToDictionary(field => field[0], field => field[2..]);
        byte[] salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password), Convert.FromBase64String(fields['s']), int.Parse(fields['i']), HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        byte[] clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        string withoutProof = "c=biws,r=" + fields['r'];
        byte[] authMessage = Encoding.UTF8.GetBytes($"{clientFirstBare},{serverFirst},{withoutProof}");
        byte[] signature = HMACSHA256.HashData(SHA256.HashData(clientKey), authMessage);
        byte[] proof = [.. clientKey.Zip(signature, (key, bit) => (byte)(key ^ bit))];
        byte[] serverSignature = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), authMessage);
        return ($"{withoutProof},p={Convert.ToBase64String(proof)}", "v=" + Convert.ToBase64String(serverSignature));
    }
}
