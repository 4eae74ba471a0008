namespace TwistedPS.Consoles;

/// <summary>A key that was pressed, or a text that was pasted.</summary>
/// <param name="Key">The key.</param>
/// <param name="Modifiers">What was held down with it.</param>
/// <param name="Text">The character of the key, or the text; empty for keys without one.</param>
/// <param name="IsPaste">Whether it was pasted.</param>
internal readonly record struct EditorKey(ConsoleKey Key, ConsoleModifiers Modifiers, string Text, bool IsPaste = false)
{
    public static EditorKey Of(ConsoleKeyInfo key, ConsoleModifiers also = 0) =>
        new(key.Key, key.Modifiers | also, key.KeyChar == '\0' ? "" : $"{key.KeyChar}");

    public static EditorKey OfPaste(string text) => new(default, 0, text, IsPaste: true);

    /// <summary>Whether it is a character to be inserted.</summary>
    public bool IsCharacter =>
        Text.Length > 0 && Modifiers != ConsoleModifiers.Alt && (Text == "\t" || !char.IsControl(Text[0]));
}
