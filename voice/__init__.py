"""Speech: audio to text, text to audio, and calls. Imports nothing of ours."""
