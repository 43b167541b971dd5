namespace PoolProxy.Protocol.Sql;

/// <summary>
/// The body of CREATE FUNCTION or PROCEDURE between BEGIN ATOMIC and END: its semicolons end no statement. A body ends with the
/// END that stands where one of its statements would begin; a CASE has its END elsewhere. A mutable struct of its
/// <see cref="StatementClassifier"/>.
/// </summary>
internal struct RoutineBody
{
    private bool _isRoutine;
    private bool _isAtStatement;

    /// <summary>Whether the text is inside such a body.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>CREATE makes a routine.</summary>
    public void FindRoutine() => _isRoutine = true;

    /// <summary>BEGIN ATOMIC outside of parentheses.</summary>
    public void FindAtomic() => IsOpen = _isAtStatement = _isRoutine;

    /// <summary>A semicolon inside the body.</summary>
    public void EndStatement() => _isAtStatement = true;

    /// <summary>The next word or other token.</summary>
    public void Take(SqlWord word)
    {
        if (!_isAtStatement)
            return;
        _isAtStatement = false;
        IsOpen = word != SqlWord.End;
    }
}
