namespace TwistedPS.Consoles;

/// <summary>What is to be seen of a line that is being typed.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="PromptColor">Its color.</param>
/// <param name="Text">What is typed, in several lines if such were pasted.</param>
/// <param name="TextColor">Its color.</param>
/// <param name="Cursor">The index of the character at the cursor.</param>
internal sealed record LineView(string Prompt, string PromptColor, string Text, string TextColor, int Cursor);
